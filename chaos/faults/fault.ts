import type { ChaosDesk, DeskOptions } from '../desk';
import type { Answer } from '../http';
import type { Random } from '../random';
import type { NaiveWay } from '../senders/naive-sender';
import type { Sender } from '../senders/sender';

/** What a fault has to work with: one account, whoever sends for it. */
export type World = {
  desk: ChaosDesk;
  sender: Sender;
  random: Random;
  /** Calls the desk as the account's user; null for a naive sender, who has no desk. */
  rest: Rest | null;
  /** The user's own, for streams; null for a naive sender. */
  authorization: string | null;
  /** Sets a fault of the exchange that strikes this account alone. */
  strike(fault: { kind: string; match?: object; [setting: string]: unknown }): Promise<void>;
  /** Takes away all faults of this account. */
  clear(): Promise<void>;
  /** How often the faults that are set have struck. */
  fired(): Promise<number>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  keyId: string;
  /**
   * Kills the desk and starts it again, first killing it so many milliseconds into each of further starts; a
   * naive sender has died where its answer stayed away.
   */
  crash(killsInStart?: readonly number[]): Promise<void>;
  /** Client order ids that the owner entered somewhere else. */
  outside: string[];
  /** Of those, the ids that hold another order than the one sent under them: a person has to look. */
  disputed: string[];
};

export type Rest = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** What differs from what should be; none when all is well. */
export type Problems = string[];

export type Fault = {
  id: string;
  title: string;
  /** How the control misjudges it. */
  naive: NaiveWay;
  naivePolls?: boolean;
  /** Whether it touches every account, so that nothing else may run meanwhile. */
  alone?: boolean;
  /** A desk of its own, started so: for what touches the machine below the desk. */
  own?: DeskOptions;
  /** On the desk that has a libSQL server, a Redis and workers beside it, and no other fault meanwhile; see cluster/. */
  clustered?: boolean;
  /** Slow: the short run does one seed of it, and says so. */
  oneSeed?: boolean;
  /** Why this machine cannot do it; null where it can. */
  cannot?: () => string | null;
  /** May answer with problems that only it can see; the oracle looks afterwards in any case. */
  run(world: World): Promise<Problems | void>;
  /** The control, where it is not the naive sender: the naive form of the same part. It must find problems. */
  control?(world: World): Promise<Problems>;
};
