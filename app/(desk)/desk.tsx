'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AccountLine } from '@/components/account/account-line';
import { LiveBanner } from '@/components/account/live-banner';
import { ChartPanel } from '@/components/bars/chart-panel';
import { DriftBanner } from '@/components/books/drift-banner';
import { StreamBanner } from '@/components/connection/stream-banner';
import { OrderFeed } from '@/components/orders/order-feed';
import { BlockedBanner } from '@/components/orders/sweep/blocked-banner';
import type { Sweep } from '@/components/orders/sweep/sweep';
import { SweepDialog } from '@/components/orders/sweep/sweep-dialog';
import { AlertBanner } from '@/components/orders/sweep/alert-banner';
import { OrderTicket } from '@/components/orders/ticket/order-ticket';
import { QuoteHead } from '@/components/quotes/quote-head';
import { WatchlistPanel } from '@/components/quotes/watchlist-panel';
import { Panel } from '@/components/ui/layout/panel';
import { useIsNarrow } from '@/components/ui/layout/use-is-narrow';
import { Sheet } from '@/components/ui/overlay/sheet';
import { DeskHeader } from './desk-header';
import { DeskNav, type Room } from './desk-nav';
import { DeskTables } from './desk-tables';
import { useDesk } from './use-desk';

/** A room of the phone's desk; on a wide screen all rooms stand side by side. */
const room = (own: Room, shown: Room) => (own === shown ? '' : 'max-md:hidden');

export function Desk({ username }: { username: string }) {
  const t = useTranslations('ticket');
  const isNarrow = useIsNarrow();
  const [shown, setShown] = useState<Room>('watchlist');
  const [sweep, setSweep] = useState<Sweep | null>(null);
  const desk = useDesk(() => setShown('chart'));
  const ticket = (
    <OrderTicket
      key={desk.symbol}
      symbol={desk.symbol}
      draft={desk.draft}
      onDraft={desk.changeDraft}
      onSent={desk.closeTicket}
    />
  );
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <DeskHeader username={username} onKill={() => setSweep('kill')} />
      <LiveBanner />
      <StreamBanner />
      <BlockedBanner />
      <DriftBanner />
      <AlertBanner />
      <AccountLine />
      <main className="grid min-h-0 flex-1 gap-px bg-line md:grid-cols-[18rem_minmax(0,1fr)_17rem] md:grid-rows-[minmax(0,1fr)_minmax(11rem,34%)] xl:grid-cols-[24rem_minmax(0,1fr)_19rem]">
        <WatchlistPanel
          selected={desk.symbol}
          onSelect={desk.select}
          className={`md:row-span-2 ${room('watchlist', shown)}`}
        />
        <div className={`min-h-0 min-w-0 ${room('chart', shown)}`}>
          <ChartPanel
            symbol={desk.symbol}
            head={<QuoteHead symbol={desk.symbol} onPick={desk.pickPrice} />}
          />
        </div>
        {!isNarrow && (
          <Panel title={t('title')} header={<TicketTitle symbol={desk.symbol} />} className="md:row-span-2">
            <div className="h-full overflow-y-auto">{ticket}</div>
          </Panel>
        )}
        <div className={`min-h-0 min-w-0 bg-surface md:col-start-2 ${room('orders', shown)}`}>
          <DeskTables symbol={desk.symbol} onTrade={desk.trade} onSweep={setSweep} />
        </div>
      </main>
      <DeskNav shown={shown} onShow={setShown} onTrade={desk.trade} />
      {isNarrow && (
        <Sheet
          open={desk.isTicketOpen}
          onOpen={desk.setTicketOpen}
          title={<TicketTitle symbol={desk.symbol} />}
          closeLabel={t('cancel')}
        >
          {ticket}
        </Sheet>
      )}
      <SweepDialog sweep={sweep} onClose={() => setSweep(null)} />
      <OrderFeed />
    </div>
  );
}

function TicketTitle({ symbol }: { symbol: string }) {
  const t = useTranslations('ticket');
  return <span className="text-table font-semibold">{t('titleFor', { symbol })}</span>;
}
