'use client';

import { useTranslations } from 'next-intl';
import { type RefObject, useEffect } from 'react';
import { useShownAccount } from '../../trpc/accounts/use-accounts';
import { Button } from '../../ui/form/button';

type ActionsProps = {
  side: 'buy' | 'sell';
  words: string;
  /** In doubt, Enter must not send: the focus is on the way out. */
  isCareful: boolean;
  /** What was refused stays refused under its key: the way on is a changed order. */
  isOver: boolean;
  isBusy: boolean;
  onSend: () => void;
  onClose: () => void;
  focus: RefObject<HTMLButtonElement | null>;
};

/** The way back and the button that sends; the focus is on the one that Enter should press. */
export function PreviewActions(props: ActionsProps) {
  const { side, words, isCareful, isOver, isBusy, onSend, onClose, focus } = props;
  const t = useTranslations('ticket');
  const live = useShownAccount()?.live ?? null;
  const said = live === null ? words : t('liveOrder', { order: words });
  const isBackFirst = isCareful || isOver;
  // Doubt may come while the dialog is open: then the focus leaves the button that sends.
  useEffect(() => {
    if (isBackFirst) focus.current?.focus();
  }, [isBackFirst, focus]);
  return (
    <div className="flex justify-end gap-2">
      <Button size="large" onClick={onClose} {...(isBackFirst ? { ref: focus } : {})}>
        {t('cancel')}
      </Button>
      {!isOver && (
        <Button
          look={isCareful ? 'danger' : side}
          size="large"
          busy={isBusy}
          onClick={onSend}
          className="h-auto min-h-11 min-w-0 flex-1 py-1.5 whitespace-normal"
          {...(isBackFirst ? {} : { ref: focus })}
        >
          {isCareful ? t('sendAnyway', { order: said }) : said}
        </Button>
      )}
    </div>
  );
}
