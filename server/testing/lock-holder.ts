import { lockInstance } from '@/server/platform/instance-lock';

/** Holds the folder named in its argument until it is killed. */
await lockInstance(process.argv[2] ?? '', 0);
process.send?.('held');
setInterval(() => {}, 60_000);
