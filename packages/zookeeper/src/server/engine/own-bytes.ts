/** A copy: a request's data are a view of what was read from the socket, which may be far larger and is not to be kept. */
export function ownBytes(data: Uint8Array | null): Uint8Array | null {
  return data === null ? null : new Uint8Array(data);
}
