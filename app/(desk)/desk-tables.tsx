'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { OrderHistory } from '@/components/orders/order-history';
import { WorkingOrders } from '@/components/orders/working-orders';
import { PositionsTable } from '@/components/positions/positions-table';
import { useCounts } from '@/components/trpc/portfolio/use-order-counts';
import { Button } from '@/components/ui/form/button';
import { Tabs } from '@/components/ui/layout/tabs';
import type { Position } from '@/domain/account/position';

type Props = { symbol: string; onTrade: () => void; onClose: (position: Position) => void };

export function DeskTables({ symbol, onTrade, onClose }: Props) {
  const t = useTranslations('orders');
  const tPositions = useTranslations('positions');
  const [tab, setTab] = useState('positions');
  const counts = useCounts();
  // On a wide screen the ticket is always in sight, so the way there is only for the phone.
  const action = (
    <Button look="primary" onClick={onTrade} className="md:hidden">
      {t('placeOrder', { symbol })}
    </Button>
  );
  return (
    <Tabs
      label={t('tables')}
      value={tab}
      onValue={setTab}
      tabs={[
        {
          value: 'positions',
          label: tPositions('title'),
          count: counts.positions,
          content: <PositionsTable emptyAction={action} onClose={onClose} />,
        },
        {
          value: 'working',
          label: t('working'),
          count: counts.working,
          content: <WorkingOrders emptyAction={action} />,
        },
        { value: 'history', label: t('history'), content: <OrderHistory emptyAction={action} /> },
      ]}
    />
  );
}
