'use client';

import dynamic from 'next/dynamic';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { timeframe as timeframes, type Timeframe } from '@/domain/market/bar';
import type { Candle } from '../charts/candle';
import { faultOf } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { Segmented } from '../ui/form/segmented';
import { Banner } from '../ui/layout/banner';
import { Skeleton } from '../ui/layout/skeleton';
import { ChartSummary, Legend } from './legend';
import { useCandles } from './use-candles';
import { useFillMarkers } from './use-fill-markers';
import { useLiveCandle } from './use-live-candle';

// The chart library is as large as the rest of the desk, so it comes after the first paint.
const CandleChart = dynamic(() => import('../charts/candle-chart'), {
  ssr: false,
  loading: () => <Waiting />,
});

const NONE: Candle[] = [];

type Props = { symbol: string; head: ReactNode };

/** The candles of a symbol with its quote above and the reader's own fills in it. */
export function ChartPanel({ symbol, head }: Props) {
  const t = useTranslations('chart');
  const locale = useLocale();
  const [timeframe, setTimeframe] = useState<Timeframe>('1Min');
  const [hovered, setHovered] = useState<number | null>(null);
  const { candles, error, retry, loadOlder } = useCandles(symbol, timeframe);
  const live = useLiveCandle(symbol, timeframe, candles ?? NONE);
  const markers = useFillMarkers(symbol, candles ?? NONE);
  const pointed = hovered === null ? undefined : candles?.find((candle) => candle.time === hovered);
  return (
    <section aria-label={t('title', { symbol })} className="flex h-full min-h-0 flex-col bg-surface">
      {head}
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1">
        <Segmented
          label={t('timeframe')}
          size="small"
          value={timeframe}
          onValue={setTimeframe}
          choices={timeframes.options.map((value) => ({ value, label: t(`timeframes.${value}`) }))}
        />
        <Legend candle={pointed ?? live} />
      </div>
      {error !== null && (
        <Banner
          tone="harm"
          action={
            <Button size="small" onClick={retry}>
              {t('retry')}
            </Button>
          }
        >
          {faultOf(error).message ?? t('failed')}
        </Banner>
      )}
      <div className="relative min-h-40 flex-1">
        {candles === null ? (
          <Waiting />
        ) : (
          <CandleChart
            seriesKey={`${symbol} ${timeframe}`}
            candles={candles}
            live={live}
            markers={markers}
            locale={locale}
            timeLook={timeframe === '1Day' ? 'day' : 'clock'}
            onHover={setHovered}
            onNeedOlder={loadOlder}
          />
        )}
        <ChartSummary
          symbol={symbol}
          timeframeName={t(`timeframes.${timeframe}`)}
          candles={candles ?? NONE}
        />
      </div>
      <p className="px-3 py-0.5 text-label text-muted">
        {t('attribution')}{' '}
        <a
          href="https://www.tradingview.com/"
          target="_blank"
          rel="noreferrer"
          className="underline hover:text-ink"
        >
          TradingView
        </a>
      </p>
    </section>
  );
}

function Waiting() {
  return <Skeleton className="absolute inset-3" />;
}
