/** A partition or replica was to go into a state that its own does not lead to: a mistake of the controller. */
export class IllegalTransitionError extends Error {
  constructor(what: string, from: string, to: string) {
    super(`${what} cannot go from ${from} to ${to}`);
    this.name = new.target.name;
  }
}
