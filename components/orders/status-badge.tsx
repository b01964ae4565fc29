'use client';

import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CircleX,
  type LucideIcon,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type OrderStatus, phaseOf } from '@/domain/order/status';
import { Badge, type Tone } from '../ui/layout/badge';

function look(status: OrderStatus): { tone: Tone; icon: LucideIcon } {
  if (status === 'filled') return { tone: 'accent', icon: CircleCheck };
  if (status === 'rejected' || status === 'denied') return { tone: 'harm', icon: CircleX };
  if (status === 'unknown' || status === 'needs_review') return { tone: 'doubt', icon: CircleHelp };
  const phase = phaseOf(status);
  if (phase === 'closed') return { tone: 'plain', icon: Ban };
  return { tone: 'plain', icon: phase === 'open' ? CircleDot : CircleDashed };
}

export function StatusBadge({ status }: { status: OrderStatus }) {
  const t = useTranslations('orders');
  const { tone, icon: Icon } = look(status);
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`status.${status}`)}
    </Badge>
  );
}
