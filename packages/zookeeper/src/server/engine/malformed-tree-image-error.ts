/** An image that is no tree. */
export class MalformedTreeImageError extends Error {
  constructor(reason: string) {
    super(`The image of the tree cannot be taken in: ${reason}`);
    this.name = new.target.name;
  }
}
