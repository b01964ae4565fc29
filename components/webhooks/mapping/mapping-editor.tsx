'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { TextArea } from '../../ui/form/text-area';
import { FaultBanner } from '../../trpc/fault-banner';
import { useHooksChanged } from '../use-hooks';
import { FaultList, PreviewResult } from './preview-result';

const SAMPLE_MAPPING = `{
  "symbol": "{{ticker}}",
  "side": "{{strategy.order.action}}",
  "qty": "{{strategy.order.contracts}}",
  "type": "market"
}`;

const SAMPLES = {
  order: `{
  "alert_id": "sample-1",
  "symbol": "AAPL",
  "side": "buy",
  "qty": "1"
}`,
  mapped: `{
  "alert_id": "sample-1",
  "ticker": "AAPL",
  "strategy": { "order": { "action": "buy", "contracts": 1 } }
}`,
};

/** How alerts are read, and a sample to try it on: nothing of it is sent. */
export function MappingEditor({ hook }: { hook: Webhook }) {
  const t = useTranslations('webhooks.mapping');
  const trpc = useTRPC();
  const [text, setText] = useState(hook.mapping ?? '');
  const [sample, setSample] = useState(hook.mapping === null ? SAMPLES.order : SAMPLES.mapped);
  const mapping = text.trim() === '' ? null : text;
  const save = useMutation(trpc.webhooks.update.mutationOptions({ onSuccess: useHooksChanged() }));
  const preview = useMutation(trpc.webhooks.preview.mutationOptions());
  const { fields } = faultOf(save.error);
  return (
    <div className="grid gap-3 p-3">
      <p className="max-w-2xl text-table text-muted">{t('text')}</p>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <div className="grid gap-2">
          <Field label={t('label')} hint={t('hint')}>
            {(parts) => (
              <TextArea
                {...parts}
                rows={9}
                value={text}
                placeholder={t('none')}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <div className="flex flex-wrap items-center gap-2">
            <Button
              look="primary"
              busy={save.isPending}
              disabled={mapping === hook.mapping}
              onClick={() => save.mutate({ id: hook.id, mapping })}
            >
              {t('save')}
            </Button>
            {mapping === null && (
              <Button
                onClick={() => {
                  setText(SAMPLE_MAPPING);
                  setSample(SAMPLES.mapped);
                }}
              >
                {t('useSample')}
              </Button>
            )}
            {save.isSuccess && mapping === hook.mapping && (
              <span role="status" className="text-table text-muted">
                {t('saved')}
              </span>
            )}
          </div>
          {save.error !== null &&
            (fields.length > 0 ? <FaultList faults={fields} /> : <FaultBanner error={save.error} />)}
        </div>
        <div className="grid gap-2">
          <Field label={t('sample')} hint={t('sampleHint')}>
            {(parts) => (
              <TextArea
                {...parts}
                rows={9}
                value={sample}
                onChange={(event) => setSample(event.target.value)}
              />
            )}
          </Field>
          <Button
            className="justify-self-start"
            busy={preview.isPending}
            onClick={() => preview.mutate({ id: hook.id, body: sample, mapping })}
          >
            {t('preview')}
          </Button>
          {preview.error !== null && <FaultBanner error={preview.error} />}
          {preview.data !== undefined && <PreviewResult found={preview.data} />}
        </div>
      </div>
    </div>
  );
}
