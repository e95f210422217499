import { describe, expect, it } from 'vitest';
import { OutputGate, type Receiver } from '../../../src/server/tcp/output-gate.ts';

/** Notes what it is given, and what it would have written with each flush. */
class Client implements Receiver<string> {
  readonly writes: string[][] = [];
  onFlush: () => void = () => {};
  #gathered: string[] = [];

  deliver(said: string): void {
    this.#gathered.push(said);
  }

  flush(): void {
    if (this.#gathered.length > 0) this.writes.push(this.#gathered);
    this.#gathered = [];
    this.onFlush();
  }
}

describe('OutputGate', () => {
  it('sends at the end of an event, in one write for each client', () => {
    const gate = new OutputGate<string>();
    const [a, b] = [new Client(), new Client()];
    gate.say(a, '1');
    gate.say(b, '2');
    gate.say(a, '3');
    expect([a.writes, b.writes]).toEqual([[], []]);
    gate.release();
    expect([a.writes, b.writes]).toEqual([[['1', '3']], [['2']]]);
  });

  it('holds all that was said after a transaction was logged, to whomever, until it is durable', () => {
    const gate = new OutputGate<string>();
    const [writer, reader] = [new Client(), new Client()];
    gate.say(reader, 'before');
    gate.logged(1);
    gate.say(writer, 'written');
    gate.say(reader, 'may have seen it');
    gate.release();
    expect([writer.writes, reader.writes]).toEqual([[], [['before']]]);
    gate.durable(1);
    expect([writer.writes, reader.writes]).toEqual([[['written']], [['before'], ['may have seen it']]]);
  });

  it('sends in one write what one round of the disk made durable, and no more', () => {
    const gate = new OutputGate<string>();
    const client = new Client();
    for (const zxid of [1, 2, 3]) {
      gate.logged(zxid);
      gate.say(client, `answer to ${zxid}`);
    }
    gate.durable(2);
    expect(client.writes).toEqual([['answer to 1', 'answer to 2']]);
    expect(gate.heldCount).toBe(1);
    gate.durable(3);
    expect(client.writes).toEqual([['answer to 1', 'answer to 2'], ['answer to 3']]);
  });

  it('keeps the order where a flush brings new things to say', () => {
    const gate = new OutputGate<string>();
    const [a, b] = [new Client(), new Client()];
    let more = 2;
    a.onFlush = () => {
      if (more-- > 0) {
        gate.say(a, 'more');
        gate.say(b, 'news');
        gate.release();
      }
    };
    gate.logged(1);
    gate.say(a, 'first');
    gate.say(b, 'first');
    gate.durable(1);
    expect(a.writes).toEqual([['first'], ['more'], ['more']]);
    expect(b.writes.flat()).toEqual(['first', 'news', 'news']);
  });

  it('holds again what was said after a flush logged a transaction', () => {
    const gate = new OutputGate<string>();
    const client = new Client();
    client.onFlush = () => {
      client.onFlush = () => {};
      gate.logged(2);
      gate.say(client, 'second');
    };
    gate.logged(1);
    gate.say(client, 'first');
    gate.durable(1);
    expect(client.writes).toEqual([['first']]);
    gate.durable(2);
    expect(client.writes).toEqual([['first'], ['second']]);
  });

  it('sends nothing any more once it is shut', () => {
    const gate = new OutputGate<string>();
    const client = new Client();
    gate.say(client, 'gathered');
    gate.logged(1);
    gate.say(client, 'held');
    gate.shut();
    gate.say(client, 'after it');
    gate.durable(1);
    expect(client.writes).toEqual([]);
  });
});
