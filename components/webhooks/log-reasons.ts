/** Refusals that have words of their own in the log; of the others the log shows what the sender was told. */
const REASONS = [
  'wrong_signature',
  'wrong_token',
  'missing_credential',
  'missing_timestamp',
  'malformed_signature',
  'stale_timestamp',
  'disabled',
  'deleted',
  'owner_may_not_trade',
  'missing_alert_id',
  'two_alert_ids',
  'idempotency_mismatch',
  'misplaced_secret',
] as const;

export function knownReason(reason: string | null): (typeof REASONS)[number] | null {
  return REASONS.find((known) => known === reason) ?? null;
}
