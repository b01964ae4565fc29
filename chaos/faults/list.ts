import { ACCOUNT } from './account';
import { ANSWERS } from './answers';
import { CRASHES } from './crashes';
import type { Fault } from './fault';
import { INTAKE } from './intake';
import { PROTECTION } from './protection';
import { RACES } from './races';
import { STREAMS } from './streams';
import { GATEWAY } from '../gateway/f53';
import { CLOCKS } from '../machine/clocks';
import { DAMAGE } from '../machine/damage';
import { DISKS } from '../machine/disks';
import { ENDS } from '../machine/ends';
import { STREAM_LISTENERS } from '../machine/streams';
import { VENUES } from '../machine/venues';

const numberOf = ({ id }: Fault): number => Number(id.replaceAll(/\D/g, ''));

export const FAULTS: readonly Fault[] = [
  ...CRASHES,
  ...ANSWERS,
  ...STREAMS,
  ...RACES,
  ...INTAKE,
  ...PROTECTION,
  ...ACCOUNT,
  ...STREAM_LISTENERS,
  ...CLOCKS,
  ...DISKS,
  ...DAMAGE,
  ...ENDS,
  ...VENUES,
  ...GATEWAY,
].toSorted((a, b) => numberOf(a) - numberOf(b) || a.id.localeCompare(b.id));

/** What the matrix asks for and this run does not do. */
export const NOT_IN_THE_RUN: readonly (readonly [string, string])[] = [
  ['F3', 'leases: proved by tests beside the code'],
  ['F21-F24', 'workers and Redis: proved by tests beside the code, with real processes'],
  ['F54', 'two desks on one database: proved by tests beside the code, with real processes'],
];
