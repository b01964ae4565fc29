import { FIRST_RISK_PROFILE, NO_LIMITS, type RiskProfile, riskProfileSchema } from '@/domain/risk/profile';

/** Limits as an audit row keeps them; a row that an older version wrote may lack some. */
const kept = riskProfileSchema.partial().nullable().catch(null);

export type ChangedLimit = {
  name: keyof RiskProfile;
  before: RiskProfile[keyof RiskProfile];
  after: RiskProfile[keyof RiskProfile];
};

/** Which limits an audit row changed. What nobody had set before is what holds for everyone. */
export function changedLimits(action: 'limits' | 'impose', before: unknown, after: unknown): ChangedLimit[] {
  const first = action === 'limits' ? FIRST_RISK_PROFILE : NO_LIMITS;
  const was = { ...first, ...kept.parse(before) };
  const is = { ...first, ...kept.parse(after) };
  return riskProfileSchema
    .keyof()
    .options.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => ({ name, before: was[name], after: is[name] }));
}
