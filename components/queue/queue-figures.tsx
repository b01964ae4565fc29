'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { classNames } from '../ui/class-names';
import { NOTHING } from '../ui/number/use-numbers';
import type { QueueStatus } from './queue-status';

const COUNTS = ['depth', 'inFlight', 'waiting', 'inDoubt', 'inReview', 'failedToday'] as const;
const NOT_GOOD: Partial<Record<(typeof COUNTS)[number], string>> = {
  inDoubt: 'text-doubt',
  inReview: 'text-doubt',
  failedToday: 'text-harm',
};

/** How many orders stand where, and for how long the oldest has gone without an answer. */
export function QueueFigures({ status }: { status: QueueStatus }) {
  const t = useTranslations('queue');
  const format = useFormatter();
  const age = status.oldestAgeMs;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-4 lg:grid-cols-7">
      {COUNTS.map((name) => (
        <Figure
          key={name}
          name={name}
          value={format.number(status[name])}
          tone={status[name] > 0 ? NOT_GOOD[name] : undefined}
        />
      ))}
      <Figure
        name="oldest"
        value={age === null ? NOTHING : t('seconds', { seconds: Math.round(age / 1000) })}
        tone={undefined}
      />
    </dl>
  );
}

type FigureProps = { name: (typeof COUNTS)[number] | 'oldest'; value: string; tone: string | undefined };

function Figure({ name, value, tone }: FigureProps) {
  const t = useTranslations('queue');
  return (
    <div className="grid content-between gap-0.5 bg-surface px-3 py-2 last:max-sm:col-span-2">
      <dt className="text-label text-muted" title={t(`about.${name}`)}>
        {t(name)}
      </dt>
      <dd data-figure={name} className={classNames('text-lg font-semibold tabular-nums', tone)}>
        {value}
      </dd>
    </div>
  );
}
