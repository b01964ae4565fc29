'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useTRPC, useTRPCClient } from '../trpc/client';
import { CodeInput } from '../ui/form/code-input';
import { Field } from '../ui/form/field';

/** The second factor before a sensitive act: whether there is one, whether a code is wanted, and its proof. */
export function useFresh() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { data, refetch } = useQuery(trpc.security.get.queryOptions(undefined, { staleTime: 0 }));
  const [code, setCode] = useState('');
  const needsCode = data !== undefined && data.enrolledAt !== null && data.freshUntil === null;
  return {
    isEnrolled: data === undefined ? null : data.enrolledAt !== null,
    needsCode,
    code,
    setCode,
    /** Runs an act once the second factor is proved for it. */
    async with<Result>(act: () => Promise<Result>): Promise<Result> {
      if (needsCode) {
        await client.security.confirm.mutate({ code });
        setCode('');
      }
      try {
        return await act();
      } finally {
        // It may have been too long ago after all: the server says, and the field appears.
        await refetch();
      }
    },
  };
}
export type Fresh = ReturnType<typeof useFresh>;

type Props = { fresh: Fresh; error?: string | undefined };

/** Asks for a code when the last one was too long ago; nothing otherwise. */
export function FreshField({ fresh, error }: Props) {
  const t = useTranslations('security');
  if (!fresh.needsCode) return null;
  return (
    <Field label={t('code')} hint={t('codeHint')} error={error}>
      {(parts) => (
        <CodeInput
          {...parts}
          required
          value={fresh.code}
          onChange={(event) => fresh.setCode(event.target.value)}
        />
      )}
    </Field>
  );
}
