import { type RegisterInput, registerInput } from '@/domain/user';
import { formText } from './form-text';

export const REGISTER_FIELDS = ['username', 'email', 'password', 'alpacaApiKey', 'alpacaSecretKey'] as const;
export type RegisterField = (typeof REGISTER_FIELDS)[number];

export function isRegisterField(name: unknown): name is RegisterField {
  return REGISTER_FIELDS.some((field) => field === name);
}

type Read = { input: RegisterInput } | { faulty: RegisterField[] };

/**
 * Reads the sign-up form by the schema the server uses; empty optional fields count as left out. Faulty
 * fields come in the order of the form.
 */
export function readRegisterForm(form: FormData): Read {
  const text = (name: string) => formText(form, name);
  const optional = (name: string) => (text(name).trim() === '' ? undefined : text(name));
  const parsed = registerInput.safeParse({
    username: text('username'),
    email: text('email'),
    password: text('password'),
    alpacaApiKey: optional('alpacaApiKey'),
    alpacaSecretKey: optional('alpacaSecretKey'),
  });
  if (parsed.success) return { input: parsed.data };
  const named = new Set(parsed.error.issues.map((issue) => issue.path[0]));
  return { faulty: REGISTER_FIELDS.filter((field) => named.has(field)) };
}
