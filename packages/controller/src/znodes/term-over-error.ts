/** This broker's term as the controller has ended while an event of it was under way: the rest of it is not to be done. */
export class TermOverError extends Error {
  constructor() {
    super('the term as controller is over');
    this.name = new.target.name;
  }
}
