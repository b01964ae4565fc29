'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, memo } from 'react';
import { useFreshness, useQuote } from '../trpc/stream/hooks';
import { classNames } from '../ui/class-names';
import { Cell } from '../ui/layout/table';
import { Change } from '../ui/number/change';
import { PriceCell } from '../ui/number/price-cell';
import { useNumbers } from '../ui/number/use-numbers';
import { changeOf } from './change';
import { QuoteAge } from './quote-age';

type Props = {
  symbol: string;
  isSelected: boolean;
  onSelect: (symbol: string) => void;
  onRemove: (symbol: string) => void;
};

/** Up and down move between the symbols of the list. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const table = event.currentTarget.closest('tbody');
  const buttons = [...(table?.querySelectorAll<HTMLElement>('[data-watch-symbol]') ?? [])];
  const next = buttons[buttons.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** One symbol of the watchlist; it renders again when its own symbol ticks. */
export const WatchRow = memo(function WatchRow({ symbol, isSelected, onSelect, onRemove }: Props) {
  const t = useTranslations('quotes');
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const freshness = useFreshness(quote);
  const change = changeOf(quote);
  const dim = freshness.stale;
  return (
    // The button in the first cell is the keyboard's way; a click anywhere on the row is a larger target.
    <tr
      onClick={() => onSelect(symbol)}
      data-symbol={symbol}
      className={classNames('cursor-pointer hover:bg-raised', isSelected && 'bg-accent-tint')}
    >
      <Cell className="font-semibold">
        <button
          type="button"
          data-watch-symbol
          onKeyDown={moveFocus}
          aria-current={isSelected || undefined}
          className="min-h-6 w-full text-left"
        >
          {symbol}
        </button>
      </Cell>
      <Cell right className="px-1 max-xl:hidden">
        <PriceCell value={quote?.bid ?? null} text={numbers.price(quote?.bid)} dim={dim} className="mx-0" />
      </Cell>
      <Cell right className="px-1 max-xl:hidden">
        <PriceCell value={quote?.ask ?? null} text={numbers.price(quote?.ask)} dim={dim} className="mx-0" />
      </Cell>
      <Cell right className="px-1 font-medium">
        <PriceCell value={quote?.last ?? null} text={numbers.price(quote?.last)} dim={dim} className="mx-0" />
      </Cell>
      <Cell right className="px-1">
        <Change value={change?.fraction ?? null} text={numbers.signedPercent(change?.fraction)} dim={dim} />
      </Cell>
      <Cell right className="px-1">
        <QuoteAge freshness={freshness} />
      </Cell>
      <Cell className="w-8 pl-0">
        <button
          type="button"
          aria-label={t('remove', { symbol })}
          onClick={(event) => {
            event.stopPropagation();
            onRemove(symbol);
          }}
          className="grid size-6 place-items-center rounded text-muted hover:bg-ground hover:text-ink max-md:size-11 [&_svg]:size-3.5"
        >
          <X aria-hidden />
        </button>
      </Cell>
    </tr>
  );
});
