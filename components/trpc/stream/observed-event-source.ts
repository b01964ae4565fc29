/**
 * The browser's EventSource that also tells of every sign of life, the server's pings included, which
 * the subscription itself keeps for its own use. Undefined where there is no EventSource (on the server).
 */
export function observedEventSource(onLife: () => void): typeof EventSource | undefined {
  if (typeof EventSource === 'undefined') return undefined;
  return class extends EventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      for (const name of ['connected', 'ping', 'message']) this.addEventListener(name, onLife);
    }
  };
}
