/** In-process publish and subscribe by topic; a listener that throws does not stop the others. */
export type EventBus<Message> = {
  publish(topic: string, message: Message): void;
  subscribe(topic: string, listener: (message: Message) => void): () => void;
  /** Hears every topic, for as long as the process lives. */
  listen(listener: (message: Message) => void): void;
};

export function createEventBus<Message>(onError: (error: unknown) => void): EventBus<Message> {
  const topics = new Map<string, Set<(message: Message) => void>>();
  const everywhere: ((message: Message) => void)[] = [];
  return {
    listen: (listener) => everywhere.push(listener),
    publish(topic, message) {
      for (const listener of [...everywhere, ...(topics.get(topic) ?? [])]) {
        try {
          listener(message);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) topics.delete(topic);
      };
    },
  };
}
