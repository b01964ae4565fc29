'use client';

import { Layers } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, type ReactNode } from 'react';
import type { Position } from '@/domain/account/position';
import { instrumentLines, shownSymbol } from '@/domain/market/option-contract';
import { faultOf } from '../trpc/errors';
import { totals, valueAt } from '../trpc/portfolio/position-value';
import { streamedSymbols, usePositions } from '../trpc/portfolio/use-portfolio';
import { isTrusted } from '../trpc/stream/connection';
import { useConnection, useFreshness, useQuote, useQuotes, useWatch } from '../trpc/stream/hooks';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';
import { EmptyState } from '../ui/layout/empty-state';
import { RowsSkeleton } from '../ui/layout/rows-skeleton';
import { ActionHeadCell, Cell, FootCell, HeadCell, STAYS, TableScroll } from '../ui/layout/table';
import { TwoLines } from '../ui/layout/two-lines';
import { Change } from '../ui/number/change';
import { PriceCell } from '../ui/number/price-cell';
import { useNumbers } from '../ui/number/use-numbers';

type ClosePosition = (position: Position) => void;
type Props = { emptyAction: ReactNode; onClose: ClosePosition; onCloseAll: () => void };

/** Holdings at the newest prices, with sums that are to the cent those of the rows. */
export function PositionsTable({ emptyAction, onClose, onCloseAll }: Props) {
  const t = useTranslations('positions');
  const { data, error, refetch } = usePositions();
  const positions = data?.positions;
  useWatch(streamedSymbols(positions ?? []));
  if (positions === undefined && error !== null) {
    return (
      <Banner tone="harm" action={<Button onClick={() => void refetch()}>{t('retry')}</Button>}>
        {faultOf(error).message ?? t('offline')}
      </Banner>
    );
  }
  if (positions?.length === 0) {
    return <EmptyState icon={Layers} title={t('emptyTitle')} text={t('emptyText')} action={emptyAction} />;
  }
  return (
    <TableScroll label={t('title')}>
      <thead>
        <tr>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell right>{t('qty')}</HeadCell>
          <HeadCell right>{t('last')}</HeadCell>
          <HeadCell right>{t('dayPl')}</HeadCell>
          <HeadCell right>{t('totalPl')}</HeadCell>
          <HeadCell right>{t('totalPlPercent')}</HeadCell>
          <HeadCell right>{t('average')}</HeadCell>
          <HeadCell right>{t('marketValue')}</HeadCell>
          <ActionHeadCell>
            <Button look="ghost" size="small" className="h-6 text-harm max-md:h-9" onClick={onCloseAll}>
              {t('closeAll')}
            </Button>
          </ActionHeadCell>
        </tr>
      </thead>
      <tbody>
        {positions === undefined ? (
          <RowsSkeleton columns={9} />
        ) : (
          positions.map((position) => (
            <PositionRow key={position.symbol} position={position} onClose={onClose} />
          ))
        )}
      </tbody>
      {positions !== undefined && <Totals positions={positions} />}
    </TableScroll>
  );
}

type RowProps = { position: Position; onClose: ClosePosition };

const PositionRow = memo(function PositionRow({ position, onClose }: RowProps) {
  const t = useTranslations('positions');
  const numbers = useNumbers();
  const quote = useQuote(position.symbol);
  const { stale } = useFreshness(quote);
  const value = valueAt(position, quote?.last ?? null);
  return (
    <tr data-position={position.symbol} className="hover:bg-raised">
      <Cell className="font-semibold">
        <TwoLines {...instrumentLines({ symbol: position.symbol, legs: null })} />
      </Cell>
      <Cell right>{numbers.qty(position.qty)}</Cell>
      <Cell right>
        <PriceCell value={value.price} text={numbers.price(value.price)} dim={stale} className="mx-0" />
      </Cell>
      <Cell right>
        <Change value={value.dayPl} text={numbers.signedMoney(value.dayPl)} dim={stale} />
      </Cell>
      <Cell right>
        <Change value={value.unrealizedPl} text={numbers.signedMoney(value.unrealizedPl)} dim={stale} />
      </Cell>
      <Cell right>
        <Change
          value={value.unrealizedPl}
          text={numbers.signedPercent(value.unrealizedPlPercent)}
          dim={stale}
        />
      </Cell>
      <Cell right>{numbers.price(position.averagePrice)}</Cell>
      <Cell right>{numbers.money(value.marketValue)}</Cell>
      <Cell right className={STAYS}>
        <Button
          size="small"
          className="max-md:h-9"
          aria-label={t('closeLabel', { symbol: shownSymbol(position.symbol) })}
          onClick={() => onClose(position)}
        >
          {t('close')}
        </Button>
      </Cell>
    </tr>
  );
});

function Totals({ positions }: { positions: readonly Position[] }) {
  const t = useTranslations('positions');
  const numbers = useNumbers();
  const dim = !isTrusted(useConnection());
  const quotes = useQuotes(positions.map((position) => position.symbol));
  const sums = totals(
    positions.map((position) => valueAt(position, quotes.get(position.symbol)?.last ?? null)),
  );
  return (
    <tfoot>
      <tr data-totals>
        <FootCell colSpan={3}>{t('total')}</FootCell>
        <FootCell right>
          <Change value={sums.dayPl} text={numbers.signedMoney(sums.dayPl)} dim={dim} />
        </FootCell>
        <FootCell right>
          <Change value={sums.unrealizedPl} text={numbers.signedMoney(sums.unrealizedPl)} dim={dim} />
        </FootCell>
        <FootCell colSpan={2} />
        <FootCell right>{numbers.money(sums.marketValue)}</FootCell>
        <FootCell />
      </tr>
    </tfoot>
  );
}
