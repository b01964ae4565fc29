export * from './connections';
export * from './ledger';
export * from './orders';
export * from './risk';
export * from './users';
export * from './watchlists';
export * from './webhooks';
export * from './workers';
