'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { Candle } from '../charts/candle';
import { useNumbers } from '../ui/number/use-numbers';

/** The bar under the crosshair, or the newest, in the header line. */
export function Legend({ candle }: { candle: Candle | null }) {
  const t = useTranslations('chart');
  const numbers = useNumbers();
  if (candle === null) return null;
  const parts = [
    ['open', candle.open],
    ['high', candle.high],
    ['low', candle.low],
    ['close', candle.close],
  ] as const;
  const tone = candle.close >= candle.open ? 'text-up' : 'text-down';
  return (
    <p className="flex min-w-0 gap-x-3 overflow-hidden text-label whitespace-nowrap" aria-hidden>
      {parts.map(([name, value]) => (
        <span key={name}>
          <span className="text-muted">{t(`short.${name}`)} </span>
          <span className={tone}>{numbers.price(String(value))}</span>
        </span>
      ))}
      <span>
        <span className="text-muted">{t('short.volume')} </span>
        {numbers.compact(candle.volume)}
      </span>
    </p>
  );
}

type SummaryProps = { symbol: string; timeframeName: string; candles: readonly Candle[] };

/** What the picture shows, for those who do not see it. */
export function ChartSummary({ symbol, timeframeName, candles }: SummaryProps) {
  const t = useTranslations('chart');
  const numbers = useNumbers();
  const format = useFormatter();
  const first = candles[0];
  const last = candles.at(-1);
  if (first === undefined || last === undefined) return null;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = (seconds: number) =>
    format.dateTime(seconds * 1000, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return (
    <p className="sr-only">
      {t('summary', {
        symbol,
        timeframe: timeframeName,
        count: candles.length,
        from: time(first.time),
        to: time(last.time),
        high: numbers.price(String(Math.max(...candles.map((candle) => candle.high)))),
        low: numbers.price(String(Math.min(...candles.map((candle) => candle.low)))),
        close: numbers.price(String(last.close)),
      })}
    </p>
  );
}
