'use client';

import { useTranslations } from 'next-intl';
import type { Webhook } from '@/domain/webhook/hook';
import { CopyBlock } from './copy-text';
import { curlExample, tradingViewExample } from './example-text';

/** Where alerts go, and the two ways a sender proves itself, ready to paste. */
export function Examples({ hook }: { hook: Webhook }) {
  const t = useTranslations('webhooks.setup');
  const address = `${window.location.origin}/hooks/${hook.id}`;
  const secret = t('pasteSecret');
  return (
    <div className="grid gap-5 p-3">
      <CopyBlock name={t('address')} text={address} />
      {hook.mapping !== null && <p className="text-table text-doubt">{t('mapped')}</p>}
      <section className="grid gap-2" aria-labelledby="way-signed">
        <h3 id="way-signed" className="font-semibold">
          {t('signed')}
        </h3>
        <p className="max-w-2xl text-table text-muted">{t('signedText')}</p>
        <CopyBlock name={t('curl')} text={curlExample(address, secret)} />
      </section>
      <section className="grid gap-2" aria-labelledby="way-token">
        <h3 id="way-token" className="font-semibold">
          {t('token')}
        </h3>
        <p className="max-w-2xl text-table text-muted">{t('tokenText')}</p>
        <CopyBlock name={t('message')} text={tradingViewExample(secret)} />
      </section>
      <p className="max-w-2xl text-table text-muted">{t('once')}</p>
    </div>
  );
}
