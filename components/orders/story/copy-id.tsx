'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/form/button';

/** An id that can be copied by button, or selected whole where the browser allows no copying. */
export function CopyId({ name, id }: { name: string; id: string }) {
  const t = useTranslations('story');
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    // A desk reached over plain http has no clipboard; the text can still be selected.
    await navigator.clipboard?.writeText(id).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <span className="inline-flex min-w-0 items-center gap-0.5">
      <code className="truncate font-sans text-label select-all" title={id}>
        {id}
      </code>
      <Button
        look="ghost"
        size="small"
        className="h-6 px-1 max-md:h-9 max-md:px-2.5"
        aria-label={t(isCopied ? 'copied' : 'copy', { name })}
        onClick={() => void copy()}
        onBlur={() => setCopied(false)}
      >
        {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Button>
    </span>
  );
}
