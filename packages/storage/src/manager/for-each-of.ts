/** Runs `act` on all items, at most `parallel` at a time; rejects with the first error, and begins no further one then. */
export const forEachOf = async <T>(
  items: readonly T[],
  parallel: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> => {
  const rest = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
};
