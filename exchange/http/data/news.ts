import { DAY_MS, instantOf, newYorkDay } from '../../clock/new-york';
import type { Article } from '../../news/article';
import { newsroomOf } from '../../news/newsroom';
import { badParameter } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { countOf, listOf, parseFlag, timeOf } from '../query';
import { takeTurns } from './turns';
import { secondTime } from './wire';

/** How far back the newest articles are looked for when no start is given. */
const REACH_DAYS = 3_650;

/** Alpaca's news goes back to 2015 (Alpaca docs, historical news data). */
const FIRST_NEWS = Date.UTC(2015, 0, 1);

export const articleJson = (article: Article, content: boolean): Record<string, unknown> => ({
  id: article.id,
  headline: article.headline,
  author: article.author,
  created_at: secondTime(article.at),
  updated_at: secondTime(article.at),
  summary: article.summary,
  content: content ? article.content : '',
  images: [],
  symbols: article.symbols,
  source: 'outcry',
  url: null,
});

function flag(call: AccountCall, name: string): boolean {
  const text = call.query.get(name) ?? '';
  const found = text === '' ? false : parseFlag(text);
  if (found === null) throw badParameter(`invalid ${name}: ${text.slice(0, 40)}`);
  return found;
}

interface NewsMark {
  readonly at: number;
  readonly id: number;
}

function readMark(token: string | null): NewsMark | null {
  if (token === null || token === '' || token === 'null') return null;
  const match = /^(\d{1,20})\|(\d{1,12})$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match === null) throw badParameter('invalid page_token');
  return { at: Number(BigInt(match[1] ?? '0') / 1_000_000n), id: Number(match[2]) };
}

const isBehind = (a: NewsMark, b: NewsMark): boolean => a.at > b.at || (a.at === b.at && a.id > b.id);

const writeMark = ({ at, id }: NewsMark): string =>
  Buffer.from(`${BigInt(at) * 1_000_000n}|${id}`).toString('base64');

/** GET /v1beta1/news: newest first unless asked otherwise; 10 articles a page, 50 at most. */
export async function getNews(call: AccountCall): Promise<Reply> {
  const { query, venue } = call;
  const now = venue.clock.now();
  const limit = countOf(query, 'limit', { fallback: 10, most: 50 });
  const sort = query.get('sort') || 'desc';
  if (sort !== 'asc' && sort !== 'desc') throw badParameter(`invalid sort: ${sort.slice(0, 40)}`);
  const content = flag(call, 'include_content');
  flag(call, 'exclude_contentless');
  const symbols = new Set(listOf(query, 'symbols').map((symbol) => symbol.replace('/', '')));
  const end = Math.min(timeOf(query, 'end', now), now);
  const start = Math.max(
    timeOf(query, 'start', end - REACH_DAYS * DAY_MS),
    instantOf(newYorkDay(end) - REACH_DAYS, 0),
    FIRST_NEWS,
  );
  const mark = readMark(query.get('page_token'));
  const rising = sort === 'asc';
  const wanted = (article: Article): boolean =>
    article.at >= start &&
    article.at <= end &&
    (mark === null || (rising ? isBehind(article, mark) : isBehind(mark, article)));
  const turn = takeTurns();
  const [first, last] = [newYorkDay(start), newYorkDay(end)];
  const days =
    mark === null
      ? { first, last }
      : rising
        ? { first: newYorkDay(mark.at), last }
        : { first, last: newYorkDay(mark.at) };
  const page: Article[] = [];
  const only = symbols.size === 0 ? null : symbols;
  for (let step = 0; step <= days.last - days.first; step += 1) {
    await turn();
    const articles = newsroomOf(venue.market).articlesOn(rising ? days.first + step : days.last - step, only);
    for (const article of rising ? articles : articles.toReversed()) {
      if (!wanted(article)) continue;
      const before = page.at(-1);
      if (page.length === limit && before !== undefined) {
        return ok({ news: page.map((one) => articleJson(one, content)), next_page_token: writeMark(before) });
      }
      page.push(article);
    }
  }
  return ok({ news: page.map((one) => articleJson(one, content)), next_page_token: null });
}
