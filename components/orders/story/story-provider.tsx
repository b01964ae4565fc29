'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Order } from '@/domain/order/order';
import { StoryPanel } from './story-panel';

const OpenStory = createContext<(order: Order) => void>(() => undefined);

/** Opens the story of an order. */
export function useOpenStory(): (order: Order) => void {
  return useContext(OpenStory);
}

/** Holds the one story panel: above the tables, so that it outlives the row it was opened from. */
export function StoryProvider({ children }: { children: ReactNode }) {
  const [order, setOrder] = useState<Order | null>(null);
  const open = useMemo(() => (next: Order) => setOrder(next), []);
  return (
    <OpenStory value={open}>
      {children}
      <StoryPanel order={order} onOrder={setOrder} />
    </OpenStory>
  );
}
