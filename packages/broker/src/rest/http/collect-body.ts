import type { IncomingMessage } from 'node:http';
import type { Reservation } from './body-budget.ts';
import { badRequest, RestError } from './rest-error.ts';

/**
 * The whole body. One that came in one piece is not copied: it is the chunk itself. What comes after a failure is read and
 * thrown away, so that the answer can still be sent.
 *
 * @throws RestError 413 beyond `limitBytes`, before anything is read where the request says its length; what the
 *   reservation throws; KafkaError for a body that ends early
 */
export function collectBody(request: IncomingMessage, limitBytes: number, reservation: Reservation): Promise<Buffer> {
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const fail = (error: unknown) => {
      request.off('data', add);
      chunks.length = 0;
      reject(error);
      request.resume();
    };
    const add = (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) return fail(tooLarge(limitBytes));
      try {
        reservation.add(chunk.length);
      } catch (thrown) {
        return fail(thrown);
      }
      chunks.push(chunk);
    };
    request.on('data', add);
    const breakOff = () => fail(endedEarly());
    request.once('error', breakOff);
    request.once('close', breakOff);
    request.once('end', () => {
      request.off('close', breakOff);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
  });
}

const endedEarly = () => badRequest('the body ended before it was complete');

const tooLarge = (limitBytes: number): RestError =>
  new RestError(413, 'MESSAGE_TOO_LARGE', `a request may have a body of at most ${limitBytes} bytes`);
