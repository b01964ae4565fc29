/** What somebody believes about one account: the desk, a naive sender, or the exchange's journal. */
export type BookOrder = {
  clientOrderId: string;
  /** `open`, or how it ended; of the desk also its own words. */
  status: string;
  /** Whether something says why it has not come to an end. */
  hasReason: boolean;
  /** Its sender says that its owner cancelled it before anything of it left. */
  isUnsent?: boolean;
  /** Whether it came with another as its exit: it was meant with that one. Only the venue says so. */
  isExit?: boolean;
};

export type BookFill = { executionId: string; qty: string; price: string };

export type Books = {
  orders: BookOrder[];
  fills: BookFill[];
  /** Cash as it is believed to be; null when it is not known. */
  cash: string | null;
  /** Cash by its own double-entry ledger; null for whoever keeps none. */
  ledgerCash: string | null;
  /** Symbol and signed quantity of what is held. */
  positions: Map<string, string> | null;
  /** Symbols whose position has lost its stop: in fact, or as far as the owner was told. Null: nobody knows. */
  unprotected: ReadonlySet<string> | null;
  /** What the owner meant: each is one order, and no other is. Null for the venue, which cannot know. */
  intents: Intent[] | null;
};

/** An order as its owner meant it. */
export type Intent = {
  name: string;
  /** What the sender said it became; null when it was refused for good. */
  clientOrderId: string | null;
};
