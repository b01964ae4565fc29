import { describe, expect, it } from 'vitest';
import { runChecks } from './run-checks.mjs';
import { countPlaywright, countVitest, judgeStage, lastLine, sum } from './tally.mjs';
import { readTestArguments } from './test-arguments.mjs';

const vitestReport = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
};
const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 };

describe('counting', () => {
  it('counts skipped, flaky and todo tests as failed', () => {
    expect(countVitest({ ...vitestReport, numPendingTests: 2, numTodoTests: 1 })).toEqual({
      passed: 5,
      failed: 3,
    });
    expect(countPlaywright({ stats: { ...stats, skipped: 1, flaky: 1 } })).toEqual({ passed: 3, failed: 2 });
  });

  it('counts an error outside of any test', () => {
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 3, failed: 1 });
  });

  it('passes a clean stage', () => {
    expect(judgeStage(countVitest(vitestReport), 0)).toEqual({ passed: 5, failed: 0 });
  });

  it.each([
    ['left no report', null, 0],
    ['ran no test', { passed: 0, failed: 0 }, 0],
    ['ended badly after good tests', { passed: 5, failed: 0 }, 1],
    ['was stopped', null, 124],
  ])('never says "0 failed" of a stage that %s', (_, counted, code) => {
    expect(judgeStage(counted, code).failed).toBe(1);
  });

  it('keeps the count of a stage that failed', () => {
    expect(judgeStage({ passed: 5, failed: 2 }, 1)).toEqual({ passed: 5, failed: 2 });
  });

  it('adds the stages up in the last line', () => {
    expect(
      lastLine(
        sum([
          { passed: 5, failed: 0 },
          { passed: 2, failed: 1 },
        ]),
      ),
    ).toBe('7 passed, 1 failed');
    expect(lastLine(sum([]))).toBe('0 passed, 0 failed');
  });
});

describe('running checks', () => {
  it('names findings, and counts a check that breaks as failed', async () => {
    let said = '';
    const tally = await runChecks(
      [
        ['good', async () => []],
        ['bad', async () => ['a.ts: too long']],
        ['broken', () => Promise.reject(new Error('boom'))],
      ],
      '/',
      (text) => {
        said += text;
      },
    );
    expect(tally).toEqual({ passed: 1, failed: 2 });
    expect(said).toMatch(/ok {4}good/);
    expect(said).toMatch(/FAIL {2}bad[^\n]*\n +a\.ts: too long/);
    expect(said).toContain('boom');
  });
});

describe('arguments of npm test', () => {
  const stages = ['verify', 'unit', 'e2e'];
  it('runs everything without arguments, and one stage with filters', () => {
    expect(readTestArguments([], stages)).toEqual({ only: null, filters: [] });
    expect(readTestArguments(['--only', 'unit', 'orders'], stages)).toEqual({
      only: 'unit',
      filters: ['orders'],
    });
  });
  it.each([[['--only']], [['--only', 'nothing']], [['unit']]])('refuses %j with the usage', (args) => {
    expect(() => readTestArguments(args, stages)).toThrow('npm test [-- --only verify|unit|e2e');
  });
});
