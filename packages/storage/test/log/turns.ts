/** Lets so many turns of the event loop go by; a simulated disk ends one operation in each. */
export const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};
