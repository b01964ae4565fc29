import { badParameter } from '../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../call';

/** Exchange codes of the CTA and UTP plans. */
const STOCK_EXCHANGES = {
  A: 'NYSE American (AMEX)',
  B: 'NASDAQ OMX BX',
  C: 'National Stock Exchange',
  D: 'FINRA ADF',
  E: 'Market Independent',
  H: 'MIAX',
  I: 'International Securities Exchange',
  J: 'Cboe EDGA',
  K: 'Cboe EDGX',
  L: 'Long Term Stock Exchange',
  M: 'Chicago Stock Exchange',
  N: 'New York Stock Exchange',
  P: 'NYSE Arca',
  Q: 'NASDAQ OMX',
  S: 'NASDAQ Small Cap',
  T: 'NASDAQ Int',
  U: 'Members Exchange',
  V: 'IEX',
  W: 'CBOE',
  X: 'NASDAQ OMX PSX',
  Y: 'Cboe BYX',
  Z: 'Cboe BZX',
} as const;

/** Exchange codes of the OPRA plan. */
const OPTION_EXCHANGES = {
  A: 'NYSE American Options',
  B: 'BOX Options',
  C: 'Cboe Options',
  D: 'MIAX Emerald',
  E: 'Cboe EDGX Options',
  H: 'Nasdaq GEMX',
  I: 'Nasdaq ISE',
  J: 'Nasdaq MRX',
  M: 'MIAX Options',
  N: 'NYSE Arca Options',
  P: 'MIAX Pearl',
  Q: 'Nasdaq Options',
  T: 'Nasdaq BX Options',
  U: 'MEMX Options',
  W: 'Cboe C2',
  X: 'Nasdaq PHLX',
  Z: 'Cboe BZX Options',
} as const;

/** Trade conditions of tapes A and B (CTA) and of tape C (UTP): those that the simulation can print. */
const CTA_TRADES = {
  ' ': 'Regular Sale',
  '@': 'Regular Sale',
  F: 'Intermarket Sweep',
  I: 'Odd Lot Trade',
  M: 'Market Center Official Close',
  O: 'Opening Prints',
  Q: 'Market Center Official Open',
  T: 'Form T',
  U: 'Extended Hours (Sold Out of Sequence)',
  '5': 'Reopening Prints',
  '6': 'Closing Prints',
} as const;
const UTP_TRADES = { ...CTA_TRADES, ' ': undefined } as const;
const STOCK_QUOTES = {
  A: 'Slow Quote Offer Side',
  B: 'Slow Quote Bid Side',
  C: 'Closing Quote',
  I: 'Order Imbalance',
  N: 'Non-Firm Quote',
  O: 'Opening Quote',
  R: 'Regular, Two-Sided Open',
  Y: 'Regular, One-Sided Open',
} as const;
/** Conditions of the OPRA plan. */
const OPTION_TRADES = {
  I: 'AUTO - Automatic Execution',
  J: 'REOP - Reopening Trade',
  S: 'ISOI - Intermarket Sweep Order',
  a: 'SLAN - Single Leg Auction Non ISO',
  e: 'SLFT - Single Leg Floor Trade',
  f: 'MLET - Multi Leg Auto-Electronic Trade',
  g: 'MLAT - Multi Leg Auction',
} as const;
const OPTION_QUOTES = {
  A: 'Regular Trading',
  F: 'Non-Firm Quote',
  I: 'Indicative',
  R: 'Rotation',
  T: 'Trading Halted',
} as const;

const tickType = (call: AccountCall): 'trade' | 'quote' => {
  const wanted = param(call, 'ticktype');
  if (wanted !== 'trade' && wanted !== 'quote')
    throw badParameter(`invalid ticktype: ${wanted.slice(0, 40)}`);
  return wanted;
};

/** GET /v2/stocks/meta/exchanges. */
export const getStockExchanges = (): Reply => ok(STOCK_EXCHANGES);

/** GET /v2/stocks/meta/conditions/{ticktype}. */
export function getStockConditions(call: AccountCall): Reply {
  const type = tickType(call);
  const tape = call.query.get('tape') ?? '';
  if (!['A', 'B', 'C'].includes(tape)) throw badParameter(`invalid tape: ${tape.slice(0, 40)}`);
  if (type === 'quote') return ok(STOCK_QUOTES);
  return ok(tape === 'C' ? UTP_TRADES : CTA_TRADES);
}

/** GET /v1beta1/options/meta/exchanges. */
export const getOptionExchanges = (): Reply => ok(OPTION_EXCHANGES);

/** GET /v1beta1/options/meta/conditions/{ticktype}. */
export const getOptionConditions = (call: AccountCall): Reply =>
  ok(tickType(call) === 'trade' ? OPTION_TRADES : OPTION_QUOTES);
