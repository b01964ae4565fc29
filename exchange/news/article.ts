/** A piece of simulated news. Instants are epoch milliseconds; `content` is simple HTML. */
export interface Article {
  readonly id: number;
  readonly at: number;
  readonly headline: string;
  readonly summary: string;
  readonly content: string;
  readonly author: string;
  /** As Alpaca's news has them: crypto pairs without their slash. */
  readonly symbols: readonly string[];
}

/** What a story tells, before it has a number and an author. */
export interface Story {
  readonly at: number;
  readonly headline: string;
  readonly body: string;
  readonly symbols: readonly string[];
}
