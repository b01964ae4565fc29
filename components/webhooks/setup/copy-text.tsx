'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/form/button';

/** A button that copies a text; where the browser allows no copying, the text beside it can be selected. */
export function CopyButton({ text, name }: { text: string; name: string }) {
  const t = useTranslations('webhooks');
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    // A desk reached over plain http has no clipboard.
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <Button
      size="small"
      className="max-md:h-11"
      aria-label={t(isCopied ? 'copied' : 'copyName', { name })}
      onClick={() => void copy()}
      onBlur={() => setCopied(false)}
    >
      {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      {t(isCopied ? 'copiedShort' : 'copy')}
    </Button>
  );
}

/** A text to be pasted elsewhere as it stands, with its button. */
export function CopyBlock({ text, name }: { text: string; name: string }) {
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between gap-2">
        <span className="text-label font-medium text-muted">{name}</span>
        <CopyButton text={text} name={name} />
      </div>
      <pre
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={name}
        className="overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-label leading-relaxed select-all"
      >
        {text}
      </pre>
    </div>
  );
}
