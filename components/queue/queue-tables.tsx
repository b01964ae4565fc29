'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Badge } from '../ui/layout/badge';
import { Cell, HeadCell, TableScroll } from '../ui/layout/table';
import { Moment } from '../ui/number/moment';
import type { QueueStatus } from './queue-status';

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid gap-2">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Accounts whose venue asked to wait, and until when nothing new leaves them. */
export function PausedTable({ paused }: Pick<QueueStatus, 'paused'>) {
  const t = useTranslations('queue');
  return (
    <Section id="paused" title={t('paused')}>
      {paused.length === 0 ? (
        <p className="text-table text-muted">{t('nonePaused')}</p>
      ) : (
        <TableScroll label={t('paused')}>
          <thead>
            <tr>
              <HeadCell>{t('owner')}</HeadCell>
              <HeadCell>{t('until')}</HeadCell>
              <HeadCell>{t('account')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {paused.map(({ accountId, owner, until }) => (
              <tr key={accountId} data-paused={owner}>
                <Cell className="font-semibold">{owner}</Cell>
                <Cell>{until === null ? t('untilElsewhere') : <Moment at={until} />}</Cell>
                <Cell className="font-mono">{accountId}</Cell>
              </tr>
            ))}
          </tbody>
        </TableScroll>
      )}
    </Section>
  );
}

/** The processes that send orders. */
export function WorkersTable({ workers }: Pick<QueueStatus, 'workers'>) {
  const t = useTranslations('queue');
  return (
    <Section id="workers" title={t('workers')}>
      <TableScroll label={t('workers')}>
        <thead>
          <tr>
            <HeadCell>{t('worker')}</HeadCell>
            <HeadCell right>{t('process')}</HeadCell>
            <HeadCell right>{t('holds')}</HeadCell>
            <HeadCell right>{t('startedAt')}</HeadCell>
            <HeadCell right>{t('seenAt')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.id} data-worker={worker.kind}>
              <Cell>
                <span className="font-mono">{worker.id}</span> <Badge>{t(`kind.${worker.kind}`)}</Badge>{' '}
                {worker.isThis && <Badge tone="accent">{t('thisOne')}</Badge>}
              </Cell>
              <Cell right>{worker.pid}</Cell>
              <Cell right>{worker.orders}</Cell>
              <Cell right>
                <Moment at={worker.startedAt} />
              </Cell>
              <Cell right>
                <Moment at={worker.seenAt} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </TableScroll>
    </Section>
  );
}
