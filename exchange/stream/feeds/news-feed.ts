import { articleJson } from '../../http/data/news';
import { CRYPTO, INSTRUMENTS } from '../../market/instruments';
import type { Market, Span } from '../../market/market';
import type { Article } from '../../news/article';
import { type Newsroom, newsroomOf } from '../../news/newsroom';
import type { Channel } from '../channels';
import { StreamTime } from '../events';
import { beatIn, type Feed, type Message } from './feed';

const SYMBOLS = [...INSTRUMENTS.keys(), ...[...CRYPTO.keys()].map((symbol) => symbol.replace('/', ''))];

/** The stream of news: /v1beta1/news. */
export class NewsFeed implements Feed {
  readonly channels = ['news'] as const;
  readonly packedOnly = false;
  readonly #newsroom: Newsroom;
  #last: { span: Span | null; articles: readonly Article[] } = { span: null, articles: [] };

  constructor(market: Market) {
    this.#newsroom = newsroomOf(market);
  }

  symbols(): Iterable<string> {
    return SYMBOLS;
  }

  refuse(): null {
    return null;
  }

  /** A beat asks for the same span once for each symbol: the day is searched once. */
  #articlesIn(span: Span): readonly Article[] {
    if (this.#last.span !== span) this.#last = { span, articles: [...this.#newsroom.articles(span)] };
    return this.#last.articles;
  }

  /** Articles come out on whole seconds. */
  isQuiet(_channel: Channel, span: Span): boolean {
    return beatIn(span, 1_000) === null;
  }

  *messages(_channel: Channel, symbol: string, span: Span): Generator<Message> {
    for (const article of this.#articlesIn(span)) {
      if (!article.symbols.includes(symbol)) continue;
      const at = new StreamTime(article.at, false);
      yield { T: 'n', ...articleJson(article, true), created_at: at, updated_at: at };
    }
  }
}
