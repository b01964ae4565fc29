export * from './connections';
export * from './orders';
export * from './users';
export * from './watchlists';
