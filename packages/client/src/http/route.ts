import { ClientClosedError, ClientError } from '../client-error.ts';
import { errorOf } from './answer-error.ts';
import { BackOff } from './back-off.ts';
import type { DoorLimits, DoorRequest, DoorResponse } from './door.ts';
import type { Link } from './link.ts';

/**
 * The way of one caller to the cluster: it stays with a server as long as that does what it is asked, and goes on to the
 * next one when it does not. Used by one request at a time.
 */
export class Route {
  readonly #link: Link;
  readonly #backOff: BackOff;
  #index: number;
  #failures = 0;

  /** @param index where to begin; callers that begin at different servers share the work among them */
  constructor(link: Link, index: number) {
    this.#link = link;
    this.#index = index;
    this.#backOff = new BackOff(link.backOff, link.ports.random);
  }

  /**
   * Sends a request once, and answers what the server says if it is a success.
   *
   * @throws ClientError where it is not, or there is no answer; the next request goes to the next server
   */
  async send(request: DoorRequest, limits: DoorLimits): Promise<DoorResponse> {
    if (limits.signal.aborted) throw new ClientClosedError();
    const { door, servers } = this.#link;
    const index = servers.usableFrom(this.#index);
    this.#index = index;
    try {
      const response = await door.send(servers.url(index), request, limits);
      servers.answered(index);
      if (response.status >= 400) throw errorOf(servers.url(index), response);
      this.#failures = 0;
      this.#backOff.reset();
      return response;
    } catch (error) {
      if (isSilence(error) && !limits.signal.aborted) servers.avoid(index);
      this.#index = index + 1;
      throw error;
    }
  }

  /** The next request goes to the next server, although this one has done what it was asked. */
  moveOn(): void {
    this.#index += 1;
  }

  /** How long to wait before trying again: not at all before the other servers have been asked, too. */
  nextDelayMs(): number {
    this.#failures += 1;
    return this.#failures % this.#link.servers.count === 0 ? this.#backOff.nextDelayMs() : 0;
  }
}

/** No server has said so. */
function isSilence(error: unknown): boolean {
  return error instanceof ClientError && error.status === undefined;
}
