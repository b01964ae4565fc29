'use client';

import { Cable, FlaskConical, Radio, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { AccountKind } from '@/domain/account/account';
import { Badge } from '../../ui/layout/badge';

const LOOKS = {
  simulated: { tone: 'accent', icon: FlaskConical, className: '' },
  'alpaca-paper': { tone: 'doubt', icon: ScrollText, className: '' },
  'ibkr-paper': { tone: 'doubt', icon: Cable, className: '' },
  // Filled, so that it stands out from every other badge by shape as well as by colour.
  'alpaca-live': { tone: 'harm', icon: Radio, className: 'bg-harm font-bold text-on-harm uppercase' },
} as const satisfies Record<AccountKind, object>;

/** Whether orders move real money, by word, icon and colour. */
export function KindBadge({ kind }: { kind: AccountKind }) {
  const t = useTranslations('account');
  const { tone, icon: Icon, className } = LOOKS[kind];
  return (
    <Badge tone={tone} className={className}>
      <Icon aria-hidden />
      {t(`kind.${kind}`)}
    </Badge>
  );
}
