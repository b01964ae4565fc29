import { z } from 'zod';
import { permission, role } from './actor';

/** The plan a user is on: it sets limits and quotas. */
export const TIERS = ['free', 'pro', 'enterprise'] as const;
export type Tier = (typeof TIERS)[number];

/** A password has 12 to 128 characters; composition is free. bytes are capped because hashing costs. */
export const passwordInput = z
  .string()
  .min(12, 'has at least 12 characters')
  .max(128, 'has at most 128 characters');

export const emailInput = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an e-mail address'));

export const usernameInput = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{2,31}$/,
    'has 3 to 32 letters, digits, - or _, and starts with a letter or digit',
  );

export const registerInput = z
  .strictObject({
    email: emailInput,
    username: usernameInput,
    password: passwordInput,
    fullName: z.string().trim().max(120).optional(),
    alpacaApiKey: z.string().trim().min(8).max(128).optional(),
    alpacaSecretKey: z.string().trim().min(8).max(128).optional(),
    alpacaPaperTrading: z.boolean().default(true),
  })
  .superRefine((input, issue) => {
    if ((input.alpacaApiKey === undefined) !== (input.alpacaSecretKey === undefined)) {
      issue.addIssue({
        code: 'custom',
        path: ['alpacaSecretKey'],
        message: 'and the API key belong together',
      });
    }
  })
  .meta({ id: 'Register' });
export type RegisterInput = z.infer<typeof registerInput>;

export const userSchema = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string(),
    fullName: z.string().nullable(),
    role,
    permissions: z.array(permission),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;
