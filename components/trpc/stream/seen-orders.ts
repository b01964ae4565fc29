const KEPT = 1000;

/** Remembers the order events that were handed on: after a reconnection some come again. */
export class SeenOrders {
  private readonly seen = new Set<number>();

  isNew(seq: number): boolean {
    if (this.seen.has(seq)) return false;
    this.seen.add(seq);
    if (this.seen.size > KEPT) {
      for (const oldest of this.seen) {
        this.seen.delete(oldest);
        break;
      }
    }
    return true;
  }
}
