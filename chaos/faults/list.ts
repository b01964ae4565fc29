import { ACCOUNT } from './account';
import { ANSWERS } from './answers';
import { CRASHES } from './crashes';
import type { Fault } from './fault';
import { INTAKE } from './intake';
import { PROTECTION } from './protection';
import { RACES } from './races';
import { STREAMS } from './streams';
import { DESKS } from '../cluster/desks';
import { LEASES } from '../cluster/leases';
import { REDIS } from '../cluster/redis';
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
  ...LEASES,
  ...REDIS,
  ...DESKS,
  ...GATEWAY,
].toSorted((a, b) => numberOf(a) - numberOf(b) || a.id.localeCompare(b.id));
