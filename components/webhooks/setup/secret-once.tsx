'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { CopyBlock } from './copy-text';

type Props = { shown: { name: string; secret: string } | null; onDone: () => void };

/** The one time a secret is seen. */
export function SecretOnce({ shown, onDone }: Props) {
  const t = useTranslations('webhooks');
  return (
    <Dialog
      open={shown !== null}
      onOpen={(open) => {
        if (!open) onDone();
      }}
      title={t('secretTitle', { name: shown?.name ?? '' })}
      closeLabel={t('close')}
    >
      <div className="grid gap-3">
        <Banner tone="doubt" className="rounded-md">
          {t('secretText')}
        </Banner>
        <CopyBlock name={t('secret')} text={shown?.secret ?? ''} />
        <Button look="primary" onClick={onDone}>
          {t('secretKept')}
        </Button>
      </div>
    </Dialog>
  );
}
