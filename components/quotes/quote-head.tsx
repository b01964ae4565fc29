'use client';

import { useTranslations } from 'next-intl';
import { useFreshness, useQuote, useWatch } from '../trpc/stream/hooks';
import { Change } from '../ui/number/change';
import { PriceCell } from '../ui/number/price-cell';
import { useNumbers } from '../ui/number/use-numbers';
import { changeOf } from './change';
import { QuoteAge } from './quote-age';

type PickPrice = (side: 'buy' | 'sell', price: string) => void;

/** The focused symbol large: last and change, and bid and ask that fill the ticket when pressed. */
export function QuoteHead({ symbol, onPick }: { symbol: string; onPick: PickPrice }) {
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const freshness = useFreshness(quote);
  const change = changeOf(quote);
  useWatch([symbol]);
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5">
      <h2 className="text-xl font-semibold">{symbol}</h2>
      <PriceCell
        value={quote?.last ?? null}
        text={numbers.price(quote?.last)}
        dim={freshness.stale}
        className="min-w-20 text-right text-2xl font-semibold"
      />
      <Change
        value={change?.amount ?? null}
        text={`${numbers.signedMoney(change?.amount)} (${numbers.signedPercent(change?.fraction)})`}
        dim={freshness.stale}
        className="min-w-32"
      />
      <div className="ml-auto flex items-center gap-2 max-sm:ml-0 max-sm:w-full">
        <Side
          side="sell"
          price={quote?.bid ?? null}
          size={quote?.bidSize ?? null}
          onPick={onPick}
          dim={freshness.stale}
        />
        <Side
          side="buy"
          price={quote?.ask ?? null}
          size={quote?.askSize ?? null}
          onPick={onPick}
          dim={freshness.stale}
        />
        <span className="inline-flex w-12 justify-end">
          <QuoteAge freshness={freshness} />
        </span>
      </div>
    </div>
  );
}

type SideProps = {
  side: 'buy' | 'sell';
  price: string | null;
  size: number | null;
  onPick: PickPrice;
  dim: boolean;
};

function Side({ side, price, size, onPick, dim }: SideProps) {
  const t = useTranslations('quotes');
  const numbers = useNumbers();
  const text = numbers.price(price);
  return (
    <button
      type="button"
      disabled={price === null}
      onClick={() => price !== null && onPick(side, price)}
      aria-label={t(side === 'sell' ? 'pickBid' : 'pickAsk', { price: text })}
      className="grid min-h-10 min-w-24 flex-1 grid-cols-[auto_1fr] items-baseline gap-x-2 rounded-md border border-line px-2 text-left hover:bg-raised max-md:min-h-11 max-md:items-center"
    >
      <span className="text-label text-muted">{t(side === 'sell' ? 'bid' : 'ask')}</span>
      <PriceCell value={price} text={text} dim={dim} className="mx-0 text-right font-semibold" />
      <span className="col-span-2 -mt-1 text-right text-label text-muted max-md:hidden">
        {size === null ? ' ' : `× ${numbers.qty(String(size))}`}
      </span>
    </button>
  );
}
