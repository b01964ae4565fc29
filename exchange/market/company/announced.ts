import { dayFrom } from '../../clock/new-york';
import type { Announcement } from '../../journal/day-opened';
import type { CompanyEvent } from './company-calendar';

/** An announcement of control's, as the company's calendar keeps it. */
export function eventOf(action: Announcement): CompanyEvent {
  const [exDay, declarationDay] = [dayFrom(action.ex_date), dayFrom(action.declaration_date)];
  if (action.type === 'split') {
    return { kind: 'split', exDay, declarationDay, newRate: action.new_rate, oldRate: action.old_rate };
  }
  const { special } = action;
  const payDay = dayFrom(action.payable_date);
  return { kind: 'dividend', exDay, declarationDay, payDay, share: 0, cash: Number(action.rate), special };
}
