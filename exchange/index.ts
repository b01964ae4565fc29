export { startExchange } from './start-exchange';
export { type AccountOption, type Exchange, type ExchangeOptions, StartError } from './options';
