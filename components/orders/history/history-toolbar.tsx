'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/form/button';
import { Input } from '../../ui/form/input';
import { Select } from '../../ui/form/select';
import { ENDINGS, type HistoryFilter } from './history-filter';
import { useCsvExport } from './use-csv-export';

type Props = { filter: HistoryFilter; onFilter: (filter: HistoryFilter) => void };

/** Which orders are shown and saved. */
export function HistoryToolbar({ filter, onFilter }: Props) {
  const t = useTranslations('history');
  const { start, isBusy } = useCsvExport(filter);
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-line px-2 py-1">
      <Input
        type="search"
        aria-label={t('symbolFilter')}
        placeholder={t('symbol')}
        autoComplete="off"
        spellCheck={false}
        value={filter.symbol}
        onChange={(event) => onFilter({ ...filter, symbol: event.target.value })}
        className="h-7 w-28 text-table uppercase placeholder:normal-case"
      />
      <Select
        aria-label={t('ending')}
        value={filter.ending}
        onValue={(ending) => onFilter({ ...filter, ending })}
        options={ENDINGS.map((value) => ({ value, label: t(`endings.${value}`) }))}
        className="h-7 text-table"
      />
      <Button size="small" look="ghost" busy={isBusy} onClick={start} className="ml-auto max-md:h-11">
        <Download aria-hidden />
        {t('export')}
      </Button>
    </div>
  );
}
