/** What a promise came to: its value, or the code of its error. */
export type Outcome<T> = { readonly value: T } | { readonly code: string };

export async function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: String(error.code) };
    throw error;
  }
}

/** The code of the error that a promise must reject with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const outcome = await outcomeOf(promise);
  if ('code' in outcome) return outcome.code;
  throw new Error('it was expected to fail');
}
