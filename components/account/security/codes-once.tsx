'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';

type Props = { codes: readonly string[] | null; onDone: () => void };

/** The one time recovery codes are seen. */
export function CodesOnce({ codes, onDone }: Props) {
  const t = useTranslations('security');
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    // A desk reached over plain http has no clipboard; the codes can be selected.
    await navigator.clipboard?.writeText((codes ?? []).join('\n')).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <Dialog
      open={codes !== null}
      onOpen={(open) => {
        if (!open) onDone();
      }}
      title={t('codesTitle')}
      closeLabel={t('close')}
    >
      <div className="grid gap-3">
        <Banner tone="doubt" className="rounded-md">
          {t('codesText')}
        </Banner>
        <ul
          data-codes
          className="grid gap-0.5 rounded-md border border-line bg-ground p-2.5 font-mono text-table select-all"
        >
          {codes?.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex gap-2">
          <Button size="large" onClick={() => void copy()} onBlur={() => setCopied(false)}>
            {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
            {t(isCopied ? 'copied' : 'copy')}
          </Button>
          <Button look="primary" size="large" className="flex-1" onClick={onDone}>
            {t('codesKept')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
