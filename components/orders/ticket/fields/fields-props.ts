import type { TicketDraft } from '../draft/draft';
import type { DraftFaults } from '../draft/field-faults';

/** What every group of fields is given. */
export type FieldsProps = {
  symbol: string;
  draft: TicketDraft;
  onDraft: (change: Partial<TicketDraft>) => void;
  faults: DraftFaults;
};
