import type { ConnectResponse, Peer, Reply, ReplyHeader, WatchEvent } from '../../../src/index.ts';

/** What a peer was told, in order. */
export type Told =
  | { readonly type: 'connected'; readonly response: ConnectResponse }
  | { readonly type: 'replied'; readonly header: ReplyHeader; readonly reply: Reply | undefined }
  | { readonly type: 'notified'; readonly event: WatchEvent }
  | { readonly type: 'closed' };

/** A peer that keeps what it is told. */
export class RecordingPeer implements Peer {
  readonly address: string;
  readonly told: Told[] = [];
  /** What the handshake came to. */
  session: ConnectResponse | undefined;

  constructor(address: string) {
    this.address = address;
  }

  connected(response: ConnectResponse): void {
    this.session = response;
    this.told.push({ type: 'connected', response });
  }

  replied(header: ReplyHeader, reply: Reply | undefined): void {
    this.told.push({ type: 'replied', header, reply });
  }

  notified(event: WatchEvent): void {
    this.told.push({ type: 'notified', event });
  }

  closed(): void {
    this.told.push({ type: 'closed' });
  }
}
