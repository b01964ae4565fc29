import { z } from 'zod';
import { isoDate } from '../../clock/new-york';
import { previousSession } from '../../clock/venue-clock';
import { formatMoney } from '../../decimal/decimal';
import { worthThen } from '../../ledger/equity-curve';
import { worthOf } from '../../ledger/valuation';
import { optionLevel } from '../../orders/options/check-option';
import { REFUSALS } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';

/** GET /v2/account. */
export function getAccount({ venue, account }: AccountCall): Reply {
  const now = venue.clock.now();
  const worth = worthOf(account, venue.priceAt, now);
  // A new account's last close is what it began with.
  const then = Math.max(venue.dayStart(now), account.createdAt);
  const { equity: last, maintenance } = worthThen(account, venue.priceAt, then);
  const cash = formatMoney(account.cash);
  return ok({
    id: account.id,
    admin_configurations: {},
    user_configurations: null,
    account_number: account.number,
    status: 'ACTIVE',
    crypto_status: 'ACTIVE',
    options_approved_level: 3,
    options_trading_level: optionLevel(account),
    currency: 'USD',
    buying_power: formatMoney(worth.buyingPower),
    regt_buying_power: formatMoney(worth.regTBuyingPower),
    effective_buying_power: formatMoney(worth.buyingPower),
    non_marginable_buying_power: formatMoney(worth.cashBuyingPower),
    options_buying_power: formatMoney(worth.cashBuyingPower),
    cash,
    accrued_fees: '0',
    pending_reg_taf_fees: '0',
    portfolio_value: formatMoney(worth.equity),
    equity: formatMoney(worth.equity),
    last_equity: formatMoney(last),
    multiplier: String(worth.multiplier),
    shorting_enabled: worth.multiplier > 1n && !account.configurations.no_shorting,
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: account.configurations.suspend_trade,
    created_at: new Date(account.createdAt).toISOString().replace('Z', '000Z'),
    long_market_value: formatMoney(worth.long),
    short_market_value: formatMoney(worth.short),
    position_market_value: formatMoney(worth.long + worth.short),
    initial_margin: formatMoney(worth.initialMargin),
    maintenance_margin: formatMoney(worth.maintenanceMargin),
    last_maintenance_margin: formatMoney(maintenance),
    sma: formatMoney(last),
    intraday_adjustments: '0',
    balance_asof: isoDate(previousSession(now).day),
    crypto_tier: 1,
  });
}

/** GET /v2/account/configurations. */
export const getConfigurations = ({ account }: AccountCall): Reply => ok(account.configurations);

const patch = z.looseObject({
  suspend_trade: z.boolean().optional(),
  no_shorting: z.boolean().optional(),
  fractional_trading: z.boolean().optional(),
  trade_confirm_email: z.enum(['all', 'none']).optional(),
  max_margin_multiplier: z.union([z.enum(['1', '2', '4']), z.literal([1, 2, 4])]).optional(),
  max_options_trading_level: z.number().int().min(0).max(3).nullish(),
  ptp_no_exception_entry: z.boolean().optional(),
  disable_overnight_trading: z.boolean().optional(),
});

/** PATCH /v2/account/configurations: keys that are not sent stay as they are. */
export function patchConfigurations({ venue, account, body }: AccountCall): Reply {
  const parsed = patch.safeParse(body ?? {});
  if (!parsed.success) throw REFUSALS.malformedBody();
  const sent = parsed.data;
  const was = account.configurations;
  const most = String(sent.max_margin_multiplier ?? was.max_margin_multiplier);
  const level = sent.max_options_trading_level;
  venue.commit({
    type: 'configured',
    account_id: account.id,
    configurations: {
      suspend_trade: sent.suspend_trade ?? was.suspend_trade,
      no_shorting: sent.no_shorting ?? was.no_shorting,
      fractional_trading: sent.fractional_trading ?? was.fractional_trading,
      trade_confirm_email: sent.trade_confirm_email ?? was.trade_confirm_email,
      max_margin_multiplier: most === '1' ? '1' : most === '2' ? '2' : '4',
      max_options_trading_level: level === undefined ? was.max_options_trading_level : level,
      ptp_no_exception_entry: sent.ptp_no_exception_entry ?? was.ptp_no_exception_entry,
      disable_overnight_trading: sent.disable_overnight_trading ?? was.disable_overnight_trading,
    },
  });
  return ok(account.configurations);
}
