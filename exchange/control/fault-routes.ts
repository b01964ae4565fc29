import type { Call, Reply } from '../http/call';
import { param } from '../http/call';
import { notFound } from '../orders/refusals';
import { seededId } from '../venue/ids';
import { fault, type SetFault } from './fault';
import { readControl } from './read-control';

const toJson = ({ id, fault: { ...rest }, seen, fired }: SetFault): Record<string, unknown> => ({
  id,
  ...rest,
  seen,
  fired,
});

/** POST /control/faults. */
export function postFault({ venue, body }: Call): Reply {
  const wish = readControl(fault, body);
  const id = seededId(venue.settings.seed, 'fault', venue.books.lastSeq + 1);
  venue.commit({ type: 'fault_set', fault_id: id, fault: wish });
  return { status: 201, body: { id, ...wish, seen: 0, fired: 0 } };
}

/** GET /control/faults: those set and not cleared, also the exhausted. */
export const listFaults = ({ venue }: Call): Reply => ({
  status: 200,
  body: [...venue.books.faults.values()].map(toJson),
});

/** DELETE /control/faults and /control/faults/{id}. */
export function clearFaults(call: Call): Reply {
  const { venue } = call;
  const id = param(call, 'id') || null;
  if (id !== null && !venue.books.faults.has(id)) throw notFound(`fault not found for ${id}`);
  const cleared = id === null ? venue.books.faults.size : 1;
  if (cleared > 0) venue.commit({ type: 'faults_cleared', fault_id: id });
  return { status: 200, body: { cleared } };
}
