import { z } from 'zod';
import { instant } from './time';

/** Six digits of an authenticator app, or a recovery code; spaces and dashes are how people copy them. */
export const secondFactorCode = z
  .string()
  .max(64)
  .transform((text) => text.replaceAll(/[\s-]/g, '').toLowerCase())
  .pipe(
    z
      .string()
      .regex(
        /^(?:\d{6}|[0-9a-hjkmnp-tv-z]{25})$/,
        'must be the 6 digits your authenticator shows, or a recovery code',
      ),
  )
  .meta({ id: 'SecondFactorCode' });

export const secondFactorSchema = z
  .object({
    enrolledAt: instant.nullable().describe('null without a second factor'),
    recoveryCodesLeft: z.number().int(),
    freshUntil: instant
      .nullable()
      .describe('until when sensitive acts of this session ask for no new code; null when they do'),
  })
  .meta({ id: 'SecondFactor' });
export type SecondFactor = z.infer<typeof secondFactorSchema>;
