'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../client';
import { WORKING_QUERY } from './order-queries';
import { usePositions } from './use-portfolio';

/** How many working orders and positions there are; undefined while not known. */
export function useCounts(): { working: number | undefined; positions: number | undefined } {
  const trpc = useTRPC();
  const working = useQuery(trpc.orders.list.queryOptions(WORKING_QUERY)).data?.orders.length;
  return { working, positions: usePositions().data?.positions.length };
}
