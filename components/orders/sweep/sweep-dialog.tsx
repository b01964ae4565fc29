'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type RefObject, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useTRPC } from '../../trpc/client';
import { WORKING_QUERY } from '../../trpc/portfolio/order-queries';
import { usePositions } from '../../trpc/portfolio/use-portfolio';
import { Button } from '../../ui/form/button';
import { Check } from '../../ui/form/check';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultNote } from '../fault-note';
import { RealMoney } from '../real-money';
import { useOrderWords } from '../use-order-words';
import { cancellable, closingOrder, stepsOf, type Sweep } from './sweep';
import { type SweepResult, useSweep } from './use-sweep';

type Props = { sweep: Sweep | null; onClose: () => void };

/** Says what a sweep over all orders or positions will do, counted, before it does it. */
export function SweepDialog({ sweep, onClose }: Props) {
  const t = useTranslations('sweep');
  const back = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={sweep !== null}
      onOpen={(open) => {
        if (!open) onClose();
      }}
      title={sweep === null ? '' : t(`titles.${sweep}`)}
      description={sweep === null ? '' : t(`texts.${sweep}`)}
      closeLabel={t('back')}
      // A key that is still held must not sweep: the focus is on the way out.
      initialFocus={back}
    >
      {sweep !== null && <SweepBody sweep={sweep} onClose={onClose} back={back} />}
    </Dialog>
  );
}

type BodyProps = { sweep: Sweep; onClose: () => void; back: RefObject<HTMLButtonElement | null> };

function SweepBody({ sweep, onClose, back }: BodyProps) {
  const t = useTranslations('sweep');
  const say = useOrderWords();
  const trpc = useTRPC();
  const working = useQuery(trpc.orders.list.queryOptions(WORKING_QUERY)).data;
  const seen = {
    orders: cancellable(working?.orders ?? []),
    positions: usePositions().data?.positions ?? [],
  };
  // What was confirmed stays on show while it is done, and does not shrink order by order.
  const [confirmed, setConfirmed] = useState(seen);
  // Working orders may hold the shares that are to be sold.
  const [also, setAlso] = useState(sweep === 'flatten' && seen.orders.length > 0);
  const { start, isBusy, result, fault } = useSweep(sweep, (made) => {
    toast.success(done(made));
    onClose();
  });
  const { orders, positions } = isBusy ? confirmed : seen;
  const steps = stepsOf(sweep, also);
  const count = {
    orders: orders.length,
    positions: positions.length,
    more: `${working?.nextCursor != null}`,
  };

  function done(made: SweepResult): string {
    if (sweep === 'kill') return t('killed', { cancelled: made.cancelled, closing: made.closing });
    return sweep === 'flatten'
      ? t('closed', { count: made.closing })
      : t('cancelled', { count: made.cancelled });
  }
  function go(): string {
    if (sweep === 'kill') return t('goKill', { ...count, flatten: `${also}` });
    if (steps.closes) return t(steps.cancels ? 'goBoth' : 'goClose', count);
    return t('goCancel', count);
  }
  return (
    <div className="grid gap-3">
      <RealMoney />
      {sweep === 'kill' && <p className="text-table">{t('blocks')}</p>}
      {steps.cancels && (
        <Lines
          title={t('cancels', count)}
          lines={orders.map((order) => ({ id: order.id, text: say(order) }))}
        />
      )}
      {steps.closes && (
        <Lines
          title={t('closes', { positions: positions.length })}
          lines={positions.map((one) => ({ id: one.symbol, text: say(closingOrder(one)) }))}
        />
      )}
      {sweep === 'flatten' && (
        <Check label={t('alsoCancel', count)} note={t('alsoCancelNote')} checked={also} onChecked={setAlso} />
      )}
      {sweep === 'kill' && (
        <Check label={t('alsoClose', { positions: positions.length })} checked={also} onChecked={setAlso} />
      )}
      {fault !== null && <FaultNote fault={fault} offlineText={t('offline')} />}
      {result !== null && result.failed.length > 0 && <Failures result={result} />}
      <div className="flex justify-end gap-2">
        <Button ref={back} size="large" onClick={onClose}>
          {t('back')}
        </Button>
        <Button
          look="harm"
          size="large"
          busy={isBusy}
          onClick={() => {
            setConfirmed(seen);
            start(steps);
          }}
          className="h-auto min-h-11 min-w-0 flex-1 py-1.5 whitespace-normal"
        >
          {go()}
        </Button>
      </div>
    </div>
  );
}

const SHOWN = 5;

function Lines({ title, lines }: { title: string; lines: { id: string; text: string }[] }) {
  const t = useTranslations('sweep');
  return (
    <section className="rounded-md bg-ground p-2.5 text-table">
      <h3 className="font-semibold">{title}</h3>
      <ul className="text-muted">
        {lines.slice(0, SHOWN).map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
        {lines.length > SHOWN && <li>{t('more', { count: lines.length - SHOWN })}</li>}
      </ul>
    </section>
  );
}

function Failures({ result }: { result: SweepResult }) {
  const t = useTranslations('sweep');
  return (
    <div role="alert">
      <Banner tone="harm" className="rounded-md">
        <p>{t('failed', { failed: result.failed.length, count: result.cancelled + result.closing })}</p>
        <ul>
          {result.failed.map(({ name, message }) => (
            <li key={`${name} ${message}`} className="break-words">
              {name === null ? message : `${name}: ${message}`}
            </li>
          ))}
        </ul>
      </Banner>
    </div>
  );
}
