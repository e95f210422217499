/** The cluster broke a promise: what an invariant found, apart from errors of the simulation itself. */
export class CheckFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CheckFailure';
  }
}

export const check = (holds: boolean, message: () => string): void => {
  if (!holds) throw new CheckFailure(message());
};
