/** What was to be written is longer than its writer may make it. */
export class JuteTooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`it would have more than ${maxBytes} bytes`);
    this.name = 'JuteTooLargeError';
  }
}
