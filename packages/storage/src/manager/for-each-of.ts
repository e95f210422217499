/**
 * Runs `act` on all items, at most `parallel` at a time. After an error it begins no further one, and rejects with the
 * first error when those under way have ended.
 */
export const forEachOf = async <T>(
  items: readonly T[],
  parallel: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> => {
  const rest = items.values();
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (errors.length > 0) return;
      try {
        await act(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
};
