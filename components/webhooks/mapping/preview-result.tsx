'use client';

import type { inferRouterOutputs } from '@trpc/server';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { AppRouter } from '@/server/routers/root';
import { Banner } from '../../ui/layout/banner';

type Preview = inferRouterOutputs<AppRouter>['webhooks']['preview'];
type Named = { field: string; message: string };

/** What is wrong, field by field, in the words of the desk. */
export function FaultList({ faults }: { faults: readonly Named[] }) {
  return (
    <div role="alert">
      <Banner tone="harm" className="rounded-md">
        <ul className="grid gap-0.5">
          {faults.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code className="font-mono">{field}</code> {message}
            </li>
          ))}
        </ul>
      </Banner>
    </div>
  );
}

/** What a sample alert would become, and whether it would pass. */
export function PreviewResult({ found }: { found: Preview }) {
  const t = useTranslations('webhooks.mapping');
  const { order, errors, denials, allowed, alertId } = found;
  return (
    <div className="grid gap-2" data-preview={allowed ? 'allowed' : 'refused'}>
      {errors.length > 0 && <FaultList faults={errors} />}
      {denials.length > 0 && (
        <div role="alert">
          <Banner tone="harm" className="rounded-md">
            <ul className="grid gap-0.5">
              {denials.map(({ rule, message }) => (
                <li key={rule}>
                  {message} <code className="font-mono">{rule}</code>
                </li>
              ))}
            </ul>
          </Banner>
        </div>
      )}
      {allowed && (
        <p role="status" className="flex items-center gap-1.5 text-table font-medium">
          <CircleCheck className="size-4 text-up" aria-hidden />
          {t('allowed')}
        </p>
      )}
      {errors.length === 0 && alertId === null && <p className="text-table text-doubt">{t('noAlertId')}</p>}
      {order !== null && <OrderFacts order={order} />}
    </div>
  );
}

/** The order's fields as alerts and the API spell them, for that is what the reader is writing. */
function OrderFacts({ order }: { order: NonNullable<Preview['order']> }) {
  const t = useTranslations('webhooks.mapping');
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const facts = Object.entries(order).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object'
      ? Object.entries(value).map(([part, price]) => [`${snake(name)}.${snake(part)}`, price])
      : value === undefined
        ? []
        : [[snake(name), String(value)]],
  );
  return (
    <dl aria-label={t('order')} className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-table">
      {facts.map(([name, value]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="font-mono text-label text-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
