'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Order } from '@/domain/order/order';
import { restOf } from '@/domain/order/replace-order';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { StepInput } from '../../ui/form/step-input';
import { FaultNote } from '../fault-note';
import { RealMoney } from '../real-money';
import { useFaultWords } from '../ticket/fields/use-fault-words';
import { stepPercent, stepPrice, stepQty } from '../ticket/step';
import { useOrderCache } from '../use-order-cache';
import { useNumbers } from '../../ui/number/use-numbers';
import { useOrderWords } from '../use-order-words';
import { type ReplaceField, readReplacement, replaceDraft, replaceFields } from './replacement';

type Props = { order: Order; onClose: () => void };

/** Changes a working order where it stands; Esc backs out, Enter sends. */
export function ReplaceForm({ order, onClose }: Props) {
  const t = useTranslations('orders.replace');
  const say = useOrderWords();
  const words = useFaultWords();
  const [draft, setDraft] = useState(() => replaceDraft(order));
  const { change, faults } = readReplacement(order, draft);
  const { send, isBusy, fault } = useReplace(order, onClose);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (change !== null) send(change);
  }
  function keyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  }
  const { trail, qty: whole = order.qty, ...prices } = change ?? {};
  const left = restOf(order, whole);
  const trailed = order.trailPercent === null ? { trailPrice: trail } : { trailPercent: trail };
  return (
    // Esc is the way out from every field inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      onSubmit={submit}
      onKeyDown={keyDown}
      noValidate
      aria-label={t('title', { order: say(order) })}
      className="sticky left-3 grid w-fit max-w-[calc(100vw-1.5rem)] gap-2 py-2 whitespace-normal"
    >
      <div className="flex flex-wrap items-start gap-2">
        {replaceFields(order).map((field, index) => (
          <div key={field} className="w-32 max-md:w-36">
            <Field label={t(`fields.${fieldName(field, order)}`)} error={words.fault(faults[field])}>
              {(parts) => (
                <StepInput
                  {...parts}
                  // The reader asked for the form: typing starts at once.
                  // oxlint-disable-next-line jsx-a11y/no-autofocus
                  autoFocus={index === 0}
                  upLabel={t('stepUp')}
                  downLabel={t('stepDown')}
                  value={draft[field]}
                  onValue={(text) => setDraft({ ...draft, [field]: text })}
                  onStep={(direction, big) =>
                    setDraft({ ...draft, [field]: stepOf(field, order)(draft[field], direction, big) })
                  }
                />
              )}
            </Field>
          </div>
        ))}
        <div className="flex gap-2 self-end">
          <Button type="submit" look="primary" busy={isBusy} disabled={change === null}>
            {change === null
              ? t('send')
              : t('sendTo', {
                  order: say({
                    ...order,
                    ...prices,
                    qty: left ?? whole,
                    ...(trail === undefined ? {} : trailed),
                  }),
                })}
          </Button>
          <Button onClick={onClose}>{t('back')}</Button>
        </div>
      </div>
      <Rest order={order} left={left} />
      <RealMoney />
      {fault !== null && <FaultNote fault={fault} offlineText={t('offline')} />}
    </form>
  );
}

/** Of a partly filled order: what the change is for. */
function Rest({ order, left }: { order: Order; left: string | null }) {
  const t = useTranslations('orders.replace');
  const numbers = useNumbers();
  if (left === null) return null;
  const [filled, rest] = [numbers.qty(order.filledQty), numbers.qty(left)];
  return <p className="text-label text-muted">{t('rest', { filled, rest })}</p>;
}

type Named = 'qty' | 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent';

function fieldName(field: ReplaceField, order: Order): Named {
  if (field !== 'trail') return field;
  return order.trailPercent === null ? 'trailPrice' : 'trailPercent';
}

function stepOf(field: ReplaceField, order: Order) {
  if (field === 'qty') return stepQty;
  return fieldName(field, order) === 'trailPercent' ? stepPercent : stepPrice;
}

function useReplace(order: Order, onDone: () => void) {
  const trpc = useTRPC();
  const cache = useOrderCache();
  const replace = useMutation(
    trpc.orders.replace.mutationOptions({
      onSuccess: (made) => {
        cache.put(made);
        onDone();
      },
    }),
  );
  return {
    send: (change: NonNullable<ReturnType<typeof readReplacement>['change']>) => {
      if (!replace.isPending) replace.mutate({ id: order.id, ...change });
    },
    isBusy: replace.isPending,
    fault: replace.error === null ? null : faultOf(replace.error),
  };
}
