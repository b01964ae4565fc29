'use client';

import { LoaderCircle, TriangleAlert, Wifi, WifiOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type Connection, isTrusted } from '../trpc/stream/connection';
import { useConnection } from '../trpc/stream/hooks';

function look(connection: Connection) {
  if (connection.phase === 'connecting')
    return { key: 'connecting', icon: LoaderCircle, tone: 'text-muted' } as const;
  if (connection.phase === 'lost') return { key: 'lost', icon: WifiOff, tone: 'text-doubt' } as const;
  if (!isTrusted(connection)) return { key: 'feedDown', icon: TriangleAlert, tone: 'text-doubt' } as const;
  return { key: 'live', icon: Wifi, tone: 'text-muted' } as const;
}

/** The state of the stream in one word. */
export function ConnectionState() {
  const t = useTranslations('connection');
  const { key, icon: Icon, tone } = look(useConnection());
  return (
    <span className={`flex items-center gap-1.5 text-table ${tone}`} data-connection={key}>
      <Icon className="size-4" aria-hidden />
      <span className="max-sm:sr-only">{t(key)}</span>
    </span>
  );
}
