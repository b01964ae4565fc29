'use client';

import { useTranslations } from 'next-intl';
import type { Webhook } from '@/domain/webhook/hook';
import { classNames } from '../ui/class-names';
import { Badge } from '../ui/layout/badge';

export function HookState({ hook }: { hook: Webhook }) {
  const t = useTranslations('webhooks.state');
  if (hook.deletedAt !== null) return <Badge>{t('deleted')}</Badge>;
  return hook.enabled ? (
    <Badge tone="accent">{t('enabled')}</Badge>
  ) : (
    <Badge tone="doubt">{t('disabled')}</Badge>
  );
}

type Props = { hooks: readonly Webhook[]; chosen: string; onChoose: (id: string) => void };

/** One's hooks by name; the chosen one is shown beside. */
export function HookList({ hooks, chosen, onChoose }: Props) {
  const t = useTranslations('webhooks');
  return (
    <ul aria-label={t('list')} className="grid content-start gap-1">
      {hooks.map((hook) => (
        <li key={hook.id}>
          <button
            type="button"
            aria-current={hook.id === chosen ? 'true' : undefined}
            onClick={() => onChoose(hook.id)}
            className={classNames(
              'flex min-h-9 w-full cursor-pointer items-center justify-between gap-2 rounded-md border border-transparent px-2.5 text-left text-table hover:bg-raised max-md:min-h-11',
              hook.id === chosen && 'border-line bg-raised font-medium',
            )}
          >
            <span className="min-w-0 truncate">{hook.name}</span>
            <HookState hook={hook} />
          </button>
        </li>
      ))}
    </ul>
  );
}
