import { fillsDigest } from './scenario';

const [seed = '1', fills] = process.argv.slice(2);
process.stdout.write(
  JSON.stringify(fillsDigest(Number(seed), fills === 'honest' ? 'honest' : 'alpaca-paper')),
);
