import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recoveryCodes, secondFactors, sessions } from '@/db/schema';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { authenticatorFor, enrol, signIn, type Trader } from '@/server/testing/trader';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const post = (path: string, body: object, headers = {}) => sendJson(desk.url, 'POST', path, body, headers);
const login = ({ user, password }: Trader, more: object = {}) =>
  post('/api/v1/auth/login', { username: user.username, password, ...more });
const without = (reply: { status: number; json: Record<string, unknown> }) => ({
  status: reply.status,
  ...reply.json,
  request_id: '',
});
const confirm = (trader: Trader, code: string) =>
  trader.rest('POST', '/api/v1/auth/second-factor/confirm', { code });

/** Codes a minute and more from now, which no step around this one has. */
const wrongCodes = (secret: string, count: number) => {
  const code = authenticatorFor(secret);
  const near = new Set([-2, -1, 0, 1, 2, 3].map((steps) => code(steps)));
  return Array.from({ length: count + near.size }, (_, at) => String(100_000 + at))
    .filter((one) => !near.has(one))
    .slice(0, count);
};

describe('enrolling', () => {
  test('wants the password, shows the secret once, and asks for nothing before a first code', async () => {
    const trader = await desk.signUp();
    const wrong = await trader.rest('POST', '/api/v1/auth/second-factor', { password: 'not the password' });
    expect(wrong).toMatchObject({ status: 422, json: { errors: [{ field: 'password' }] } });
    const begun = await trader.trpc.security.enrol.mutate({ password: trader.password });
    expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Outcry:[^?]+\?issuer=Outcry&secret=[A-Z2-7]{32}&/);
    expect((await login(trader)).status).toBe(200);
    expect(await trader.trpc.security.get.query()).toEqual({
      enrolledAt: null,
      recoveryCodesLeft: 0,
      freshUntil: null,
    });
    const [code] = wrongCodes(begun.secret, 1);
    const refused = await trader.rest('POST', '/api/v1/auth/second-factor/enrolment', { code });
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ field: 'code' }] } });
    expect((await trader.trpc.security.get.query()).enrolledAt).toBeNull();
  });

  test('seals the secret for its user alone and keeps recovery codes as hashes', async () => {
    const [one, two] = [await desk.signUp(), await desk.signUp()];
    const [mine, theirs] = [await enrol(one), await enrol(two)];
    const { db } = desk.parts.database;
    const rows = JSON.stringify([
      await db.select().from(secondFactors),
      await db.select().from(recoveryCodes),
    ]);
    for (const code of mine.recoveryCodes) expect(rows).not.toContain(code.replaceAll('-', ''));
    expect(rows).not.toContain(mine.secret);
    const [row] = await db.select().from(secondFactors).where(eq(secondFactors.userId, one.user.id));
    await desk.parts.database.write((tx) =>
      tx
        .update(secondFactors)
        .set({ sealedSecret: row?.sealedSecret ?? '' })
        .where(eq(secondFactors.userId, two.user.id)),
    );
    expect((await confirm(two, mine.code())).status).toBe(500);
    expect((await confirm(two, theirs.code())).status).toBe(500);
  });

  test('ends the other sessions of the user, which a password alone had opened', async () => {
    const trader = await desk.signUp();
    const other = await signIn(desk.url, trader.user.username, trader.password);
    await other.trpc.auth.me.query();
    await enrol(trader);
    expect((await other.rest('GET', '/api/v1/users/me')).status).toBe(401);
    expect((await trader.rest('GET', '/api/v1/users/me')).status).toBe(200);
  });

  test('is refused to who has one already, and to make one anew does not take it away', async () => {
    const trader = await desk.signUp();
    await enrol(trader);
    const again = await trader.rest('POST', '/api/v1/auth/second-factor', { password: trader.password });
    expect(again.status).toBe(409);
    expect((await login(trader)).json['code']).toBe('code_required');
  });
});

describe('signing in with a second factor', () => {
  test('asks for the code once the password is right, and lets a right code in once', async () => {
    const trader = await desk.signUp();
    const { code } = await enrol(trader);
    expect(await login(trader)).toMatchObject({ status: 403, json: { code: 'code_required' } });
    const used = code();
    expect((await login(trader, { code: used })).status).toBe(200);
    expect((await login(trader, { code: used })).status).toBe(401);
    // The step after is taken too, the one before it was spent by it.
    expect((await login(trader, { code: code(1) })).status).toBe(200);
    expect((await login(trader, { code: code() })).status).toBe(401);
  });

  test('takes a step before or after, and none further off', async () => {
    const trader = await desk.signUp();
    const { code } = await enrol(trader);
    expect((await login(trader, { code: code(-2) })).status).toBe(401);
    expect((await login(trader, { code: code(3) })).status).toBe(401);
    expect((await login(trader, { code: ` ${code().slice(0, 3)} ${code().slice(3)} ` })).status).toBe(200);
  });

  test('answers the same to a wrong password, a wrong code and no such user, where a code was sent', async () => {
    const trader = await desk.signUp();
    const { secret, code } = await enrol(trader);
    const [wrong = ''] = wrongCodes(secret, 1);
    const answers = [
      await login(trader, { code: wrong }),
      await login(trader, { code: code(), password: 'not the password' }),
      await post('/api/v1/auth/login', { username: 'nobody', password: trader.password, code: code() }),
    ].map(without);
    expect(answers[0]).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    // A wrong password spends no code, and tells nothing of a second factor.
    const plain = await login(trader, { password: 'not the password' });
    expect(plain.json['code']).toBe('unauthenticated');
    expect((await login(trader, { code: code() })).status).toBe(200);
  });

  test('of ten uses of one code at once lets one in', async () => {
    const trader = await desk.signUp();
    const { recoveryCodes: codes, code } = await enrol(trader);
    for (const shown of [code(), codes[0] ?? '']) {
      const replies = await Promise.all(Array.from({ length: 4 }, () => login(trader, { code: shown })));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });

  test('takes each recovery code once, in capitals and with dashes too', async () => {
    const trader = await desk.signUp();
    const { recoveryCodes: codes } = await enrol(trader);
    expect(new Set(codes).size).toBe(10);
    expect((await login(trader, { code: codes[3]?.toUpperCase() })).status).toBe(200);
    expect((await login(trader, { code: codes[3] })).status).toBe(401);
    expect((await trader.trpc.security.get.query()).recoveryCodesLeft).toBe(9);
    const stranger = await desk.signUp();
    await enrol(stranger);
    expect((await login(stranger, { code: codes[4] })).status).toBe(401);
  });

  test('looks at no code for a while after five wrong ones, from wherever they come, right ones included', async () => {
    const trader = await desk.signUp();
    const { secret, code, recoveryCodes: codes } = await enrol(trader);
    for (const wrong of wrongCodes(secret, 5))
      expect((await login(trader, { code: wrong })).status).toBe(401);
    const waiting = await login(trader, { code: code() });
    expect(waiting).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
    expect((await confirm(trader, codes[0] ?? '')).status).toBe(429);
    // It is kept with the user, not in memory, and it ends.
    const { database } = desk.parts;
    const [row] = await database.db
      .select()
      .from(secondFactors)
      .where(eq(secondFactors.userId, trader.user.id));
    const wait = Date.parse(row?.waitUntil ?? '') - Date.now();
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    const over = { waitUntil: new Date(Date.now() - 1).toISOString(), failures: 40 };
    await database.write((db) =>
      db.update(secondFactors).set(over).where(eq(secondFactors.userId, trader.user.id)),
    );
    const [wrong = ''] = wrongCodes(secret, 1);
    expect((await login(trader, { code: wrong })).status).toBe(401);
    const [later] = await database.db
      .select()
      .from(secondFactors)
      .where(eq(secondFactors.userId, trader.user.id));
    expect(Date.parse(later?.waitUntil ?? '') - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  });
});

describe('what is fresh', () => {
  test('is the session that proved it, for five minutes, by the server’s own record', async () => {
    const trader = await desk.signUp();
    const { code } = await enrol(trader);
    const status = await trader.trpc.security.get.query();
    expect(Date.parse(status.freshUntil ?? '') - Date.now()).toBeGreaterThan(290_000);
    const { database } = desk.parts;
    const old = new Date(Date.now() - 300_001).toISOString();
    await database.write((db) =>
      db.update(sessions).set({ secondFactorAt: old }).where(eq(sessions.userId, trader.user.id)),
    );
    expect((await trader.trpc.security.get.query()).freshUntil).toBeNull();
    const renewing = await trader.rest('POST', '/api/v1/auth/second-factor/recovery-codes');
    expect(renewing).toMatchObject({ status: 403, json: { code: 'code_required' } });
    expect((await confirm(trader, code())).status).toBe(200);
    const renewed = await trader.rest('POST', '/api/v1/auth/second-factor/recovery-codes');
    expect(renewed.status).toBe(200);
  });

  test('is not asked of who has no second factor where one is optional, and refused where one is needed', async () => {
    const trader = await desk.signUp();
    expect((await trader.rest('POST', '/api/v1/connections', { name: 'Second' })).status).toBe(201);
    const codes = await trader.rest('POST', '/api/v1/auth/second-factor/recovery-codes');
    expect(codes).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect((await confirm(trader, '123456')).json['code']).toBe('forbidden');
  });
});

describe('taking it away', () => {
  test('wants the password and a code, and then signing in asks for none', async () => {
    const trader = await desk.signUp();
    const { code } = await enrol(trader);
    const take = (password: string, given: string) =>
      trader.rest('DELETE', '/api/v1/auth/second-factor', { password, code: given });
    expect((await take('not the password', code())).status).toBe(422);
    expect((await take(trader.password, '000000')).status).toBe(422);
    expect((await login(trader)).json['code']).toBe('code_required');
    expect((await take(trader.password, code())).json).toMatchObject({ enrolled_at: null });
    expect((await login(trader)).status).toBe(200);
    expect((await take(trader.password, code())).status).toBe(409);
  });

  test.each([[''], ['12345'], ['1234567'], ['abcdef'], [123456], [null], ['1'.repeat(65)], [{ $gt: '' }]])(
    'and every other use of a code refuses %j as malformed',
    async (code) => {
      const trader = await desk.signUp();
      const paths = ['enrolment', 'confirm'].map((name) => `/api/v1/auth/second-factor/${name}`);
      for (const path of paths) expect((await trader.rest('POST', path, { code })).status).toBe(422);
      expect((await login(trader, { code })).status).toBe(422);
    },
  );
});
