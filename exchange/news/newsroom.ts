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

/** The simulated newsroom: articles are a function of the market and the day. */
export class Newsroom {
  readonly #market: Market;
  readonly #days = new Map<number, readonly Article[]>();
  readonly #reports = new Map<number, Map<number, [Instrument, EarningsReport][]>>();

  constructor(market: Market) {
    this.#market = market;
  }

  /** Articles of a New York day, oldest first. */
  articlesOn(day: number): readonly Article[] {
    const kept = this.#days.get(day);
    if (kept !== undefined) return kept;
    const stories = this.#storiesOn(day).sort((a, b) => a.at - b.at || (a.headline < b.headline ? -1 : 1));
    const made = stories.map((story, index) => this.#article(story, day * 1000 + index));
    if (this.#days.size >= KEPT_DAYS) this.#days.clear();
    this.#days.set(day, made);
    return made;
  }

  /** Articles of a span, oldest first. */
  *articles({ from, to }: Span): Generator<Article> {
    for (let day = newYorkDay(from); instantOf(day, 0) < to; day += 1) {
      for (const article of this.articlesOn(day)) if (article.at >= from && article.at < to) yield article;
    }
  }

  #storiesOn(day: number): Story[] {
    const year = yearOf(day);
    let reports = this.#reports.get(year);
    if (reports === undefined) {
      reports = reportsOfYear(this.#market, ALL, year);
      this.#reports.set(year, reports);
    }
    const told = (reports.get(day) ?? []).map(([company, report]) =>
      reportStory(this.#market, company, report),
    );
    for (const instrument of ALL) {
      told.push(...companyStories(this.#market, instrument, day));
      for (const make of [recapStory, noteStory]) {
        const story = make(this.#market, instrument, day);
        if (story !== null) told.push(story);
      }
    }
    return told;
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
