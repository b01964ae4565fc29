import type { Span } from '../../market/market';
import type { StreamErrorCode } from '../data-client';
import type { Channel, Subscriptions } from '../channels';

/** A message of a data stream before it is serialised. */
export type Message = Readonly<Record<string, unknown>>;

/** What a data stream can send. */
export interface Feed {
  readonly channels: readonly Channel[];
  /** Whether only MsgPack is spoken. */
  readonly packedOnly: boolean;
  /** What `*` stands for. */
  symbols(): Iterable<string>;
  /** Messages of a channel and symbol in a span of time, oldest first. */
  messages(channel: Channel, symbol: string, span: Span): Iterable<Message>;
  /** True when a channel has nothing in a span, whatever the symbol. */
  isQuiet(channel: Channel, span: Span): boolean;
  /** Refuses a state of subscriptions; null when it is allowed. */
  refuse(wanted: Subscriptions): StreamErrorCode | null;
}

/** Whether a span holds a multiple of a step (both milliseconds), and the last one it holds. */
export function beatIn({ from, to }: Span, step: number): number | null {
  const last = (Math.ceil(to / step) - 1) * step;
  return last >= from ? last : null;
}
