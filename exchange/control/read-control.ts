import type { z } from 'zod';
import { Refusal } from '../orders/refusals';

/** Reads the body of a control call; says what is wrong with it. */
export function readControl<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : `: ${issue.path.join('.')} ${issue.message}`;
  throw new Refusal(400, 40010000, `request body format is invalid${where}`);
}
