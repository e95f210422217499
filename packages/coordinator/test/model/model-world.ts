import type { Random } from '@barnabas/model';
import { decodeOffsetsRecord } from '@barnabas/protocol';
import { seededRandom } from '@barnabas/testkit';
import { expect } from 'vitest';
import {
  createGroupShard,
  type GroupEffect,
  type GroupRequest,
  type GroupResponse,
  type GroupShard,
  type RequestId,
} from '../../src/index.ts';
import { commitAsk, deleteGroupAsk, deleteOffsetsAsk } from '../support/asks.ts';
import { LIMITS, received } from '../support/shard-host.ts';
import type { Action, WriteEnd } from './actions.ts';
import { ModelClient } from './model-client.ts';
import { ModelInvariants } from './model-invariants.ts';
import { ModelLog } from './model-log.ts';

const CLIENTS = 8;
const GROUPS = ['group-0', 'group-1'];
const TOPIC = 't';

/** A shard, its log and its clients. After each action all that must hold is checked. */
export class ModelWorld {
  readonly #log = new ModelLog();
  readonly #clients = Array.from({ length: CLIENTS }, (_, number) => new ModelClient(number));
  readonly #random = seededRandom(1);
  #shard: GroupShard;
  #nowMs = 1_000_000;
  readonly #timers = new Map<string, number>();
  #lastRequest = 0;
  #lastOffset = 0n;
  #rounds = 0;
  /** Requests that were neither answered nor given up. */
  readonly #waiting = new Map<RequestId, ModelClient | null>();
  readonly #asked = new Map<RequestId, GroupRequest>();
  readonly #invariants: ModelInvariants;

  constructor() {
    this.#shard = newShard(this.#random);
    this.#invariants = new ModelInvariants(this.#log, GROUPS, this.#shard);
    this.#load();
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'join':
        this.#clientAsks(action.client, (client) => client.joins(action.says));
        break;
      case 'settle':
        this.#settle();
        break;
      case 'sync':
        this.#clientAsks(action.client, (client) => client.syncs(this.#rounds++));
        break;
      case 'all sync':
        for (const { number } of this.#clients) this.#clientAsks(number, (client) => client.syncs(this.#rounds++));
        break;
      case 'heartbeat':
        this.#clientAsks(action.client, (client) => client.beats());
        break;
      case 'leave':
        this.#clientAsks(action.client, (client) => client.leaves());
        break;
      case 'restart':
        this.#client(action.client).restart();
        break;
      case 'give up':
        for (const id of this.#client(action.client).giveUp()) {
          this.#waiting.delete(id);
          this.#shard.gone(id);
        }
        break;
      case 'commit':
        this.#clientAsks(action.client, (client) => client.commits(action.partition, this.#nextOffset()));
        break;
      case 'commit from outside':
        this.#ask(
          commitAsk(
            { [TOPIC]: [{ partition: action.partition, offset: this.#nextOffset() }] },
            { groupId: groupOf(action) },
          ),
          null,
        );
        break;
      case 'delete group':
        this.#ask(deleteGroupAsk(groupOf(action)), null);
        break;
      case 'delete offset':
        this.#ask(deleteOffsetsAsk({ [TOPIC]: [action.partition] }, groupOf(action)), null);
        break;
      case 'delete topic':
        this.#do(this.#shard.topicDeleted(TOPIC, this.#nowMs));
        break;
      case 'time passes':
        this.#pass(action.forMs);
        break;
      case 'write ends':
        this.#end(action.write, action.as);
        break;
      case 'all writes commit':
        this.#commitAll();
        break;
      case 'coordinator moves':
        this.#move(action.landed);
    }
    this.#invariants.check(this.#shard, this.#nowMs);
  }

  /** Every request is answered, and a group that nobody is in any longer comes to rest. */
  finish(): void {
    for (let steps = 0; steps < 12; steps++) {
      this.#commitAll();
      this.#pass(120_000);
    }
    this.#commitAll();
    expect([...this.#waiting.keys()], 'requests without an answer').toEqual([]);
    for (const { state } of this.#shard.list()) expect(state).toBe('Empty');
    expect([...this.#timers.keys()]).toEqual(['retention']);
    this.#invariants.check(this.#shard, this.#nowMs);
    this.#invariants.checkGenerationsInLog();
  }

  #settle(): void {
    for (const client of this.#clients) {
      for (let tries = 0; tries < 2 && client.requests.length === 0; tries++) {
        this.#clientAsks(client.number, () => client.joins(0));
      }
    }
    this.#pass(3000);
    for (const client of this.#clients) {
      if (client.requests.length === 0) this.#clientAsks(client.number, () => client.syncs(this.#rounds++));
    }
  }

  #load(): void {
    this.#shard = newShard(this.#random);
    for (const { key, value } of this.#log.raw()) this.#shard.replay(decodeOffsetsRecord(key, value));
    this.#do(this.#shard.loaded(this.#nowMs));
  }

  #client(number: number): ModelClient {
    const client = this.#clients[number % CLIENTS];
    if (client === undefined) throw new Error(`no client ${number}`);
    return client;
  }

  #clientAsks(number: number, request: (client: ModelClient) => GroupRequest): void {
    const client = this.#client(number);
    this.#ask(request(client), client);
  }

  #ask(asked: GroupRequest, client: ModelClient | null): void {
    this.#lastRequest += 1;
    const id = this.#lastRequest;
    this.#waiting.set(id, client);
    client?.noteRequest(id, asked);
    this.#asked.set(id, asked);
    this.#do(this.#shard.handle(id, asked, this.#nowMs));
  }

  #nextOffset(): bigint {
    this.#lastOffset += 1n;
    return this.#lastOffset;
  }

  #pass(forMs: number): void {
    const endMs = this.#nowMs + forMs;
    for (;;) {
      const [due] = [...this.#timers].filter(([, atMs]) => atMs <= endMs).sort((a, b) => a[1] - b[1]);
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#nowMs = Math.max(this.#nowMs, due[1]);
      this.#do(this.#shard.timer(due[0], this.#nowMs));
    }
    this.#nowMs = endMs;
  }

  #end(which: number, as: WriteEnd): void {
    const underWay = this.#log.underWay();
    const writeId = underWay[which % Math.max(underWay.length, 1)];
    if (writeId === undefined) return;
    if (as.outcome === 'committed') {
      this.#log.end(writeId, 'committed');
      this.#do(this.#shard.committed(writeId, this.#nowMs));
    } else if ('lands' in as) {
      this.#log.end(writeId, as.lands ? 'in doubt' : 'absent');
      this.#do(this.#shard.failed(writeId, as.outcome, this.#nowMs));
    }
  }

  #commitAll(): void {
    while (this.#log.underWay().length > 0) this.#end(0, { outcome: 'committed' });
  }

  #move(landed: number): void {
    this.#do(this.#shard.resign(this.#nowMs));
    expect([...this.#waiting.keys()], 'requests that nobody told of the move').toEqual([]);
    expect(this.#timers.size).toBe(0);
    this.#log.move(landed);
    this.#invariants.noteMove();
    this.#load();
  }

  #do(effects: readonly GroupEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'set timer') this.#timers.set(effect.key, effect.atMs);
      else if (effect.kind === 'cancel timer') this.#timers.delete(effect.key);
      else if (effect.kind === 'append') this.#append(effect);
      else this.#answer(effect.to, effect.response);
    }
  }

  #append({ writeId, records }: Extract<GroupEffect, { kind: 'append' }>): void {
    this.#log.append(writeId, records);
    this.#invariants.noteAppend(records, this.#lastRequest);
  }

  #answer(id: RequestId, response: GroupResponse): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) throw new Error(`no request ${id}`);
    const answer = received(asked, response);
    expect(this.#waiting.has(id), `request ${id} was answered before, or given up`).toBe(true);
    const client = this.#waiting.get(id);
    this.#waiting.delete(id);
    const ownership = client?.answered(id, answer);
    if (ownership !== undefined) this.#invariants.noteOwnership(ownership);
    if (client && answer.generationId !== undefined && answer.errorCode === 0)
      this.#invariants.noteGeneration(client, answer);
    this.#invariants.noteCommit(id, asked, answer);
    this.#asked.delete(id);
  }
}

const groupOf = ({ group }: { readonly group: number }): string => GROUPS[group % GROUPS.length] ?? '';

const newShard = (random: Random): GroupShard => createGroupShard({ limits: LIMITS, random });
