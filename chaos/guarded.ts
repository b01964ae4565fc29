/** What a case found; that it broke is found, too. */
export async function guarded(work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    return [`broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}
