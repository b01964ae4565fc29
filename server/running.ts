import type { Container } from './container';

declare global {
  var outcryContainer: Container | undefined;
}

/** Called once, by server/main. */
export function setContainer(container: Container): void {
  globalThis.outcryContainer = container;
}

/**
 * The running desk's parts. They hang on globalThis because Next bundles its own copy of the modules it
 * reaches, and those must find the same desk.
 */
export function getContainer(): Container {
  if (globalThis.outcryContainer === undefined)
    throw new Error('the desk has not been started; run server/main.ts');
  return globalThis.outcryContainer;
}
