'use client';

import { FlaskConical, Radio, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { AccountKind } from '@/domain/account/account';
import { useAccount } from '../trpc/portfolio/use-portfolio';
import { Badge } from '../ui/layout/badge';
import { Skeleton } from '../ui/layout/skeleton';
import { Tooltip } from '../ui/overlay/tooltip';

const LOOKS = {
  simulated: { tone: 'accent', icon: FlaskConical },
  'alpaca-paper': { tone: 'doubt', icon: ScrollText },
  'alpaca-live': { tone: 'harm', icon: Radio },
} as const satisfies Record<AccountKind, object>;

/** Whether orders move real money, by word, icon and colour, on every screen. */
export function KindBadge() {
  const t = useTranslations('account');
  const account = useAccount().data;
  if (account === undefined) return <Skeleton className="h-5 w-20" />;
  const { tone, icon: Icon } = LOOKS[account.kind];
  return (
    <Tooltip note={t(`kindNote.${account.kind}`)}>
      <button type="button" className="grid min-h-6 cursor-help items-center rounded">
        <Badge tone={tone}>
          <Icon aria-hidden />
          {t(`kind.${account.kind}`)}
        </Badge>
      </button>
    </Tooltip>
  );
}
