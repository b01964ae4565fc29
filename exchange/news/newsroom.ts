import { instantOf, newYorkDay, yearOf } from '../clock/new-york';
import type { EarningsReport } from '../market/company/earnings';
import { CRYPTO, INSTRUMENTS, type Instrument } from '../market/instruments';
import type { Market, Span } from '../market/market';
import type { Article, Story } from './article';
import { companyStories, noteStory, recapStory, reportsOfYear, reportStory } from './stories';

const AUTHORS = [
  'Mara Lindqvist',
  'Tomas Adeyemi',
  'Ines Caldwell',
  'Noor Haddad',
  'Felix Brandt',
  'June Okafor',
];
const KEPT_DAYS = 60;
const ALL = [...INSTRUMENTS.values(), ...CRYPTO.values()];
/** The most stories that one company has on a day. */
const STORIES = 8;
const IDS_OF_DAY = 10_000;

/** Stories as articles carry their symbols: crypto pairs without the slash. */
const NUMBERS = new Map(ALL.map((instrument, number) => [instrument.symbol.replace('/', ''), number]));

/** The simulated newsroom: articles are a function of the market and the day. */
export class Newsroom {
  readonly #market: Market;
  readonly #days = new Map<number, readonly Article[]>();
  readonly #reports = new Map<number, Map<number, [Instrument, EarningsReport][]>>();

  constructor(market: Market) {
    this.#market = market;
  }

  /**
   * Articles of a New York day, oldest first.
   * @param only symbols (crypto without the slash) whose articles alone are wanted; then no other is written
   */
  articlesOn(day: number, only: ReadonlySet<string> | null = null): readonly Article[] {
    const kept = this.#days.get(day);
    if (kept !== undefined) {
      return only === null ? kept : kept.filter(({ symbols }) => symbols.some((symbol) => only.has(symbol)));
    }
    const numbers = only === null ? ALL.keys() : [...only].flatMap((symbol) => NUMBERS.get(symbol) ?? []);
    const made = [...numbers]
      .flatMap((number) => this.#articlesOf(number, day))
      .sort((a, b) => a.at - b.at || a.id - b.id);
    if (only === null) {
      if (this.#days.size >= KEPT_DAYS) this.#days.clear();
      this.#days.set(day, made);
    }
    return made;
  }

  /** Articles of a span, oldest first. */
  *articles({ from, to }: Span): Generator<Article> {
    for (let day = newYorkDay(from); instantOf(day, 0) < to; day += 1) {
      for (const article of this.articlesOn(day)) if (article.at >= from && article.at < to) yield article;
    }
  }

  /** One company's articles of a day; their ids do not depend on what other companies are written about. */
  #articlesOf(number: number, day: number): Article[] {
    const instrument = ALL[number];
    if (instrument === undefined) return [];
    const first = day * IDS_OF_DAY + number * STORIES;
    return this.#storiesOf(instrument, day)
      .slice(0, STORIES)
      .map((story, index) => this.#article(story, first + index));
  }

  #storiesOf(instrument: Instrument, day: number): Story[] {
    const told = this.#reportsOn(day)
      .filter(([company]) => company === instrument)
      .map(([, report]) => reportStory(this.#market, instrument, report));
    told.push(...companyStories(this.#market, instrument, day));
    for (const make of [recapStory, noteStory]) {
      const story = make(this.#market, instrument, day);
      if (story !== null) told.push(story);
    }
    return told;
  }

  #reportsOn(day: number): readonly [Instrument, EarningsReport][] {
    const year = yearOf(day);
    let reports = this.#reports.get(year);
    if (reports === undefined) {
      reports = reportsOfYear(this.#market, ALL, year);
      this.#reports.set(year, reports);
    }
    return reports.get(day) ?? [];
  }

  #article(story: Story, id: number): Article {
    const author = AUTHORS[id % AUTHORS.length] ?? '';
    return {
      id,
      at: story.at,
      headline: story.headline,
      summary: story.body,
      content: `<p>${story.body}</p>\n<p>This story is part of a simulated market; its figures are too.</p>`,
      author,
      symbols: story.symbols,
    };
  }
}

const newsrooms = new WeakMap<Market, Newsroom>();

/** The newsroom of a market. */
export function newsroomOf(market: Market): Newsroom {
  let found = newsrooms.get(market);
  if (found === undefined) {
    found = new Newsroom(market);
    newsrooms.set(market, found);
  }
  return found;
}
