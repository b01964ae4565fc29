'use client';

import { useState } from 'react';
import {
  changedDraft,
  EMPTY_DRAFT,
  NO_PRICES,
  type TicketDraft,
} from '@/components/orders/ticket/draft/draft';
import { FIRST_WATCHLIST } from '@/domain/market/watchlist';

/** What the panels of the desk share: the symbol in focus and the ticket that is being filled in. */
export function useDesk(onSelected: () => void) {
  const [symbol, setSymbol] = useState(FIRST_WATCHLIST[0] ?? 'SPY');
  const [draft, setDraft] = useState<TicketDraft>(EMPTY_DRAFT);
  const [isTicketOpen, setTicketOpen] = useState(false);

  function changeDraft(change: Partial<TicketDraft>) {
    setDraft((before) => changedDraft(before, change));
  }
  function focusOn(next: string) {
    setSymbol(next);
    // A price belongs to its symbol: the ticket never carries one over.
    if (next !== symbol) changeDraft({ ...NO_PRICES, type: 'market' });
  }
  return {
    symbol,
    draft,
    changeDraft,
    isTicketOpen,
    setTicketOpen,
    closeTicket: () => setTicketOpen(false),
    select: (next: string) => {
      focusOn(next);
      onSelected();
    },
    trade: () => setTicketOpen(true),
    pickPrice: (side: 'buy' | 'sell', limitPrice: string) => {
      changeDraft({ side, type: 'limit', unit: 'shares', limitPrice });
      setTicketOpen(true);
    },
  };
}
