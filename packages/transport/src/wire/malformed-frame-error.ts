/** What came from a peer is no frame, or no message that this side knows: the stream is of no more use. */
export class MalformedFrameError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
