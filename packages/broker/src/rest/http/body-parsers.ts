import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../door/door.ts';
import type { RestLimits } from '../door/rest-limits.ts';
import type { App } from './app.ts';
import { BodyBudget, type Reservation } from './body-budget.ts';
import { collectBody } from './collect-body.ts';
import { RestError } from './rest-error.ts';

/**
 * How bodies are read: whole, as bytes, within the limits of this broker. JSON is parsed where a schema
 * is to check it; a request without a body, whatever its type, is an empty object there.
 */
export class BodyParsers {
  readonly #limits: RestLimits;
  readonly #budget: BodyBudget;
  readonly #reservations = new WeakMap<IncomingMessage, Reservation>();

  constructor({ limits }: Door) {
    this.#limits = limits;
    this.#budget = new BodyBudget(limits.allBodiesBytes);
  }

  /** Bodies as they come, of any type. */
  useBytes(app: App): void {
    this.#use(app, this.#limits.bodyBytes, (body) => body);
  }

  /** JSON, also if it comes as what curl sends when it is told nothing. */
  useJson(app: App): void {
    app.addHook('preValidation', async (request: FastifyRequest) => {
      if (request.body === undefined) request.body = {};
    });
    this.#use(app, Math.min(this.#limits.bodyBytes, this.#limits.jsonBodyBytes), (body, type) => {
      if (body.length === 0) return {};
      if (!JSON_BODIES.test(type)) throw new RestError(415, 'INVALID_REQUEST', 'the body has to be application/json');
      return parseJson(body);
    });
  }

  #use(app: App, limitBytes: number, parse: (body: Buffer, type: string) => unknown): void {
    app.removeAllContentTypeParsers();
    app.addHook('onRequest', async (request, reply) => {
      const reservation = this.#budget.open();
      this.#reservations.set(request.raw, reservation);
      reply.raw.once('close', reservation.release);
    });
    app.addContentTypeParser('*', async (request: FastifyRequest) => {
      if (request.headers['content-encoding'] !== undefined) {
        throw new RestError(415, 'INVALID_REQUEST', 'the body has to come without a Content-Encoding');
      }
      const reservation = this.#reservations.get(request.raw) ?? this.#budget.open();
      const body = await collectBody(request.raw, limitBytes, reservation);
      return parse(body, request.headers['content-type'] ?? '');
    });
  }
}

const JSON_BODIES = /^(application\/json|application\/x-www-form-urlencoded)\b|^$/i;
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/** @throws RestError 400, also for names with which objects could be tampered */
const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'), (name, value) => {
      if (POISON.has(name)) throw new SyntaxError(`a field may not be called ${name}`);
      return value;
    });
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is nested too deep';
    throw new RestError(400, 'INVALID_REQUEST', `the body is no JSON: ${reason}`, { cause });
  }
};
