'use client';

import { useTranslations } from 'next-intl';
import { useQuote } from '../../../trpc/stream/hooks';
import { Segmented } from '../../../ui/form/segmented';
import type { TicketDraft } from '../draft/draft';
import { typeObstacle } from '../draft/availability';
import { marketPrice } from '../estimate/estimate';
import type { FieldsProps } from './fields-props';
import { useFaultWords } from './use-fault-words';

type Family = 'market' | 'limit' | 'stop';
const STOPS = ['stop', 'stop_limit', 'trailing_stop'] as const;

/** Market, limit or stop; the kinds of stop show only once a stop is wanted. */
export function TypeChoice({ symbol, draft, onDraft }: FieldsProps) {
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const quote = useQuote(symbol);
  const family: Family = draft.type === 'market' || draft.type === 'limit' ? draft.type : 'stop';
  const why = (type: TicketDraft['type']) => words.obstacle('type', typeObstacle(draft, type));

  function choose(type: TicketDraft['type']) {
    // A limit starts where the order would trade now.
    const near = marketPrice(draft.side, quote);
    const isPrefilled = type === 'limit' && draft.limitPrice === '';
    onDraft({ type, ...(isPrefilled ? { limitPrice: near ?? '' } : {}) });
  }
  return (
    <div className="grid gap-1.5">
      <Segmented<Family>
        label={t('type')}
        value={family}
        onValue={choose}
        choices={[
          { value: 'market', label: t('market') },
          { value: 'limit', label: t('limit'), unavailable: why('limit') },
          { value: 'stop', label: t('stop'), unavailable: why('stop') },
        ]}
      />
      {family === 'stop' && (
        <Segmented
          label={t('stopKind')}
          value={draft.type}
          onValue={choose}
          choices={STOPS.map((value) => ({ value, label: t(`stopKinds.${value}`) }))}
        />
      )}
    </div>
  );
}
