/** A line of the list. Names and levels are for orientation only. */
export type Listing = readonly [
  symbol: string,
  name: string,
  exchange: 'NASDAQ' | 'NYSE' | 'ARCA',
  sector: string,
  /** Dollars, autumn 2026, believable rather than true. */
  price: number,
  /** Daily volatility in percent. */
  dailyPercent: number,
  /** Usual daily volume in millions of shares. */
  millions: number,
  /** Yearly dividend in percent of the price, paid in quarters; 0 for none. */
  dividendPercent: number,
];
