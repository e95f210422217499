import { APIS } from '@barnabas/protocol';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { Lane } from '../../src/client/lane.ts';
import type { LaneLimits } from '../../src/client/lane-options.ts';
import type { LaneStream, LaneStreamEvents } from '../../src/client/lane-stream.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { encodeResponse } from '../../src/wire/response-frame.ts';

/** A stream that a test plays the peer of. */
export class ScriptedStream implements LaneStream {
  readonly events: LaneStreamEvents;
  readonly written: Frame[] = [];
  hasRoom = true;
  isDestroyed = false;

  constructor(events: LaneStreamEvents) {
    this.events = events;
  }

  write(frame: Frame): void {
    this.written.push(frame);
  }

  async destroy(): Promise<void> {
    this.isDestroyed = true;
  }

  get correlationIds(): number[] {
    return this.written.map(({ parts }) => Buffer.concat(parts).readInt32BE(8));
  }

  answer(correlationId: number, errorCode = 0): void {
    this.events.onData(
      Buffer.concat(encodeResponse(APIS.Heartbeat, 4, correlationId, { errorCode, throttleTimeMs: 0 }).parts),
    );
  }
}

/** A lane over scripted streams, in simulated time. */
export class ScriptedLane {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly streams: ScriptedStream[] = [];
  readonly lane: Lane;

  constructor(limits: Partial<LaneLimits> = {}) {
    this.lane = new Lane({
      name: 'broker 2',
      clientId: 'broker-1',
      limits: { maxInFlight: 100, maxInFlightBytes: 100_000, maxFrameBytes: 10_000, openTimeoutMs: 500, ...limits },
      open: (events) => {
        const stream = new ScriptedStream(events);
        this.streams.push(stream);
        return stream;
      },
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(1),
    });
  }

  /** Answers what became of it: the error code, or outcome and failure. */
  async send({ groupId = 'g', deadlineMs = 1000 } = {}): Promise<string> {
    try {
      const request = { groupId, generationId: 1, memberId: 'm' };
      const response = (await this.lane.send(APIS.Heartbeat, 4, request, deadlineMs)) as { errorCode: number };
      return `answered ${response.errorCode}`;
    } catch (thrown) {
      const { outcome, failure } = thrown as { outcome: string; failure: string };
      return `${outcome}: ${failure}`;
    }
  }

  stream(index: number): ScriptedStream {
    const stream = this.streams[index];
    if (stream === undefined) throw new Error(`stream ${index} was not opened`);
    return stream;
  }
}
