'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TradesTable } from '@/components/books/trades-table';
import { CloseDialog } from '@/components/orders/closing/close-dialog';
import { OrderHistory } from '@/components/orders/history/order-history';
import { StoryProvider } from '@/components/orders/story/story-provider';
import type { Sweep } from '@/components/orders/sweep/sweep';
import { WorkingOrders } from '@/components/orders/working/working-orders';
import { PositionsTable } from '@/components/positions/positions-table';
import { useCounts } from '@/components/trpc/portfolio/use-order-counts';
import { Button } from '@/components/ui/form/button';
import { Tabs } from '@/components/ui/layout/tabs';
import type { Position } from '@/domain/account/position';

type Props = { symbol: string; onTrade: () => void; onSweep: (sweep: Sweep) => void };

export function DeskTables({ symbol, onTrade, onSweep }: Props) {
  const t = useTranslations('orders');
  const tTrades = useTranslations('trades');
  const tPositions = useTranslations('positions');
  const [tab, setTab] = useState('positions');
  const [closing, setClosing] = useState<Position | null>(null);
  const counts = useCounts();
  // On a wide screen the ticket is always in sight, so the way there is only for the phone.
  const action = (
    <Button look="primary" onClick={onTrade} className="md:hidden">
      {t('placeOrder', { symbol })}
    </Button>
  );
  return (
    <StoryProvider>
      <Tabs
        label={t('tables')}
        value={tab}
        onValue={setTab}
        tabs={[
          {
            value: 'positions',
            label: tPositions('title'),
            count: counts.positions,
            content: (
              <PositionsTable
                emptyAction={action}
                onClose={setClosing}
                onCloseAll={() => onSweep('flatten')}
              />
            ),
          },
          {
            value: 'working',
            label: t('working'),
            count: counts.working,
            content: <WorkingOrders emptyAction={action} onCancelAll={() => onSweep('cancel')} />,
          },
          { value: 'history', label: t('history'), content: <OrderHistory emptyAction={action} /> },
          { value: 'trades', label: tTrades('title'), content: <TradesTable emptyAction={action} /> },
        ]}
      />
      <CloseDialog position={closing} onClose={() => setClosing(null)} />
    </StoryProvider>
  );
}
