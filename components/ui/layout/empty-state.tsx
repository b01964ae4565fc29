import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type Props = { icon: LucideIcon; title: string; text: string; action?: ReactNode };

/** Says why there is nothing here and what to do next. */
export function EmptyState({ icon: Icon, title, text, action }: Props) {
  return (
    <div className="flex h-full min-h-32 flex-col items-center justify-center gap-1 p-4 text-center">
      <Icon className="mb-1 size-5 text-muted" aria-hidden />
      <p className="font-medium">{title}</p>
      <p className="max-w-72 text-table text-muted">{text}</p>
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  );
}
