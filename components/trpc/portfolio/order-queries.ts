/** The lists of orders the desk shows; one input each, so that every panel shares one answer. */
export const WORKING_QUERY = { phase: 'open', limit: 100 } as const;
export const HISTORY_QUERY = { phase: 'closed', limit: 100 } as const;
