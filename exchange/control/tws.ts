import { z } from 'zod';
import type { Call, Reply } from '../http/call';
import type { Route } from '../http/router';
import { Refusal } from '../orders/refusals';
import { postAccount } from './accounts';
import { readControl } from './read-control';

/** What control may do to the TWS gateway. */
export interface GatewaySwitch {
  readonly port: number;
  readonly serverVersion: number;
  readonly clientIds: readonly number[];
  accounts(): { readonly number: string; readonly account: { readonly keyId: string } }[];
  /** Shows the account of a key; answers its number there. */
  show(keyId: string): string;
}

const shownBody = z.looseObject({ key_id: z.string().optional(), secret_key: z.string().optional() });
const opened = z.looseObject({ key_id: z.string() });

/** The routes under /control/tws. */
export function twsRoutes(gateway: GatewaySwitch | null): Route[] {
  const kind = 'control';
  const open = (): GatewaySwitch => {
    if (gateway === null) throw new Refusal(409, 40910000, 'the TWS gateway is off');
    return gateway;
  };
  return [
    {
      kind,
      method: 'GET',
      path: '/control/tws',
      run: () => {
        const { port, serverVersion, clientIds } = open();
        const accounts = open()
          .accounts()
          .map(({ number, account }) => ({ key_id: account.keyId, tws_account: number }));
        return {
          status: 200,
          body: { port, server_version: serverVersion, accounts, client_ids: clientIds },
        };
      },
    },
    { kind, method: 'POST', path: '/control/tws/accounts', run: (call) => postShown(open(), call) },
  ];
}

/** POST /control/tws/accounts: opens an account as /control/accounts does, or takes one that there is, and shows it. */
function postShown(gateway: GatewaySwitch, call: Call): Reply {
  const wish = readControl(shownBody, call.body);
  const known = wish.key_id === undefined ? undefined : call.venue.books.byKeyId.get(wish.key_id);
  if (known !== undefined && wish.secret_key === undefined) {
    const { id: account_id, number: account_number, keyId: key_id } = known;
    return { status: 200, body: { account_id, account_number, key_id, tws_account: gateway.show(key_id) } };
  }
  const reply = postAccount(call);
  const body = opened.parse(reply.body);
  return { ...reply, body: { ...body, tws_account: gateway.show(body.key_id) } };
}
