import type { Account } from '../../ledger/account';
import { contractOf } from '../contracts/contract';
import type { Field } from '../wire/frame';
import { twsNumberOf } from '../account/number';
import { completedOrderFields, openOrderFields, statusFields } from './order-fields';
import type { OrderLine } from './order-line';

/** openOrder and orderStatus of a line; nothing for what this wire does not have. */
export function openOrderMessages(account: Account, line: OrderLine, last = 0n): Field[][] {
  const contract = contractOf(line.head.symbol);
  if (contract === null) return [];
  const number = twsNumberOf(account.keyId);
  return [openOrderFields(line, contract, number), statusFields(line, last)];
}

export function completedOrderMessages(account: Account, line: OrderLine): Field[][] {
  const contract = contractOf(line.head.symbol);
  return contract === null ? [] : [completedOrderFields(line, contract, twsNumberOf(account.keyId))];
}
