import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const line = z.object({ what: z.string(), held: z.boolean(), at: z.string() });
type Line = z.infer<typeof line>;

/** What was found so far, in a file of one JSON object a line that several runs add to. */
export type Results = {
  /** Whether this held before. What failed is done again. */
  has(what: string): boolean;
  add(what: string, held: boolean): void;
  /** Counts over all runs; nothing without a file. */
  summary(): string[];
};

export function openResults(path: string | null): Results {
  const lines: Line[] = [];
  if (path !== null && existsSync(path)) {
    for (const text of readFileSync(path, 'utf8').split('\n')) {
      if (text !== '') lines.push(line.parse(JSON.parse(text)));
    }
  }
  const before = new Set(lines.filter(({ held }) => held).map(({ what }) => what));
  return {
    has: (what) => before.has(what),
    add(what, held) {
      if (path === null) return;
      const found = { what, held, at: new Date().toISOString() };
      lines.push(found);
      appendFileSync(path, `${JSON.stringify(found)}\n`);
    },
    summary: () => (path === null ? [] : summaryOf(lines)),
  };
}

/** How often each thing held over all runs: kills together, each fault and its control by itself. */
function summaryOf(lines: readonly Line[]): string[] {
  const groups = new Map<string, { held: number; all: number }>();
  for (const { what, held } of lines) {
    const name = groupOf(what);
    const group = groups.get(name) ?? { held: 0, all: 0 };
    groups.set(name, { held: group.held + (held ? 1 : 0), all: group.all + 1 });
  }
  const rows = [...groups].map(([name, { held, all }]) => `  ${name.padEnd(40)}${held} of ${all}`);
  const days = lines.map(({ at }) => at.slice(0, 10)).sort();
  return [`\nover all runs, ${days[0] ?? '-'} to ${days.at(-1) ?? '-'}:`, ...rows.sort()];
}

function groupOf(what: string): string {
  if (what.startsWith('kill ')) return 'kills';
  const fault = /^(F\d+) seed \d+(?: \(.*\))?(, its control)?$/.exec(what);
  if (fault !== null) return `${fault[1] ?? ''}${fault[2] ?? ''}`;
  return what.endsWith('at the end') ? 'accounts looked at again' : 'naive senders without a fault';
}
