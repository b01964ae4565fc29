import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayFrom } from '../../clock/new-york';
import { writeOcc } from '../../derivatives/contracts/occ-symbol';
import { OPTION_UNDERLYINGS } from '../../derivatives/contracts/underlyings';
import { INSTRUMENTS } from '../../market/instruments';
import { conIdOf, symbolOfConId } from './con-ids';

const TODAY = dayFrom('2026-11-30');
const option = fc
  .record({
    root: fc.constantFrom(...OPTION_UNDERLYINGS),
    suffix: fc.constant(0),
    expiry: fc.integer({ min: TODAY - 200, max: TODAY + 1_100 }),
    type: fc.constantFrom('call' as const, 'put' as const),
    strike: fc.integer({ min: 1, max: 19_999 }).map((quarters) => quarters / 4),
  })
  .map(writeOcc);

test('the number of an option names it again, and no other', () => {
  fc.assert(
    fc.property(option, option, (one, other) => {
      const id = conIdOf(one);
      expect(symbolOfConId(id, TODAY)).toBe(one);
      expect(Number.isInteger(id) && id > 0 && id < 2 ** 31).toBe(true);
      expect(conIdOf(other) === id).toBe(one === other);
    }),
  );
});

test('stocks have numbers of their own, and odd contracts one from when they were told', () => {
  const ids = [...INSTRUMENTS.keys()].map(conIdOf);
  expect(new Set(ids).size).toBe(INSTRUMENTS.size);
  expect(Math.max(...ids)).toBeLessThan(1_000_000);
  const odd = conIdOf('F261218C00003330');
  expect([symbolOfConId(odd, TODAY), odd < 2 ** 31]).toEqual(['F261218C00003330', true]);
  expect(symbolOfConId(1, TODAY)).toBeUndefined();
});
