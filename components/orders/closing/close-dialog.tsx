'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type RefObject, useMemo, useRef, useState } from 'react';
import type { Position } from '@/domain/account/position';
import { shownSymbol } from '@/domain/market/option-contract';
import { exact } from '@/domain/money';
import { useTRPC } from '../../trpc/client';
import { mayPass } from '../../trpc/errors';
import { WORKING_QUERY } from '../../trpc/portfolio/order-queries';
import { Check } from '../../ui/form/check';
import { Segmented } from '../../ui/form/segmented';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { useNumbers } from '../../ui/number/use-numbers';
import { FaultNote } from '../fault-note';
import { RealMoney } from '../real-money';
import { tradesIn } from '../history/history-filter';
import { cancellable, closingOrder } from '../sweep/sweep';
import { TicketEstimate } from '../ticket/estimate/ticket-estimate';
import { newKey } from '../ticket/preview';
import { PreviewActions } from '../ticket/preview-actions';
import { useDoubt } from '../ticket/use-doubt';
import { useOrderWords } from '../use-order-words';
import { type Part, partQty, partsOf } from './closing-part';
import { useClose } from './use-close';

type Props = { position: Position | null; onClose: () => void };

/** Shows the order that closes a position, or a part of it, and sends it. */
export function CloseDialog({ position, onClose }: Props) {
  const t = useTranslations('closing');
  const focus = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={position !== null}
      onOpen={(open) => {
        if (!open) onClose();
      }}
      title={t('title', { symbol: shownSymbol(position?.symbol ?? '') })}
      description={<span className="max-md:hidden">{t('text')}</span>}
      closeLabel={t('back')}
      initialFocus={focus}
    >
      {position !== null && <CloseBody position={position} onClose={onClose} focus={focus} />}
    </Dialog>
  );
}

type BodyProps = { position: Position; onClose: () => void; focus: RefObject<HTMLButtonElement | null> };

function CloseBody({ position, onClose, focus }: BodyProps) {
  const t = useTranslations('closing');
  const tTicket = useTranslations('ticket');
  const numbers = useNumbers();
  const say = useOrderWords();
  const { symbol } = position;
  const doubt = useDoubt(symbol);
  const [part, setPart] = useState<Part>('100');
  // One key to a choice: pressed twice it is one order, chosen anew it is another.
  const idempotencyKey = useMemo(() => `${newKey()}-${part}`, [part]);
  const { send, isBusy, fault, forget } = useClose(onClose);
  const order = { ...closingOrder(position), qty: partQty(position.qty, part) };
  const holding = useHolding(symbol);
  const isHeld = exact(position.qtyAvailable).abs().lt(order.qty);
  const [cancelsFirst, setCancelsFirst] = useState(isHeld);
  const words = say(order);
  return (
    <div className="grid gap-3">
      <Segmented<Part>
        label={t('part')}
        value={part}
        onValue={(next) => {
          forget();
          setPart(next);
        }}
        choices={partsOf(position).map((value) => ({ value, label: t('percent', { percent: value }) }))}
      />
      <RealMoney />
      <p className="text-lg font-semibold">{words}</p>
      <TicketEstimate
        symbol={symbol}
        terms={{ ...order, timeInForce: 'day', orderClass: 'simple', extendedHours: false }}
      />
      {holding > 0 && (
        <Check
          label={t('cancelFirst', { count: holding, symbol: shownSymbol(symbol) })}
          checked={cancelsFirst}
          onChecked={setCancelsFirst}
          {...(isHeld
            ? { note: t('held', { free: numbers.qty(position.qtyAvailable.replace('-', '')) }) }
            : {})}
        />
      )}
      {doubt !== null && (
        <Banner tone="doubt" className="rounded-md">
          {tTicket(`doubt.${doubt}`)}
        </Banner>
      )}
      {fault !== null && <FaultNote fault={fault} offlineText={tTicket('sendOffline')} />}
      <PreviewActions
        side={order.side}
        words={words}
        isCareful={doubt !== null}
        isOver={fault !== null && !mayPass(fault)}
        isBusy={isBusy}
        // All is all there is when the order is made; a part is the shares that were shown.
        onSend={() =>
          send(
            { symbol, idempotencyKey, ...(part === '100' ? {} : { qty: order.qty }) },
            holding > 0 && cancelsFirst,
          )
        }
        onClose={onClose}
        focus={focus}
      />
    </div>
  );
}

/** How many working orders there are in a symbol: they may hold its shares. */
function useHolding(symbol: string): number {
  const trpc = useTRPC();
  const working = useQuery(trpc.orders.list.queryOptions(WORKING_QUERY)).data?.orders ?? [];
  return cancellable(working).filter((order) => tradesIn(order, symbol)).length;
}
