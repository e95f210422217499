import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, errorByCode, KafkaError } from '../src/index.ts';

type GoldenError = { code: number; name: string; retriable: boolean; message: string };

const GOLDEN: GoldenError[] = JSON.parse(
  readFileSync(new URL('../../../test/golden/messages/errors.json', import.meta.url), 'utf8'),
);

describe('ERRORS', () => {
  it('has the errors of Kafka 3.9.1 with their codes, and retriable where they are so there', () => {
    const ours = Object.values(ERRORS).map(({ name, code, retriable }) => ({ name, code, retriable }));
    expect(ours).toEqual(GOLDEN.map(({ name, code, retriable }) => ({ name, code, retriable })));
  });

  it('names each row by its key', () => {
    for (const [key, { name }] of Object.entries(ERRORS)) expect(name).toBe(key);
  });

  it('says in one sentence of its own what each means', () => {
    for (const { name, code, sentence } of Object.values(ERRORS)) {
      expect(sentence, name).toMatch(/^[A-Z][^.!?]*[.]$/);
      expect(sentence, name).not.toBe(GOLDEN.find((golden) => golden.code === code)?.message);
    }
  });

  it('gives a status of success to NONE alone', () => {
    const statuses = Object.values(ERRORS).filter(({ httpStatus }) => httpStatus < 400);
    expect(statuses.map(({ name }) => name)).toEqual(['NONE']);
  });

  it('does not tell a client to change its request where all it takes is to ask again later', () => {
    const refused = Object.values(ERRORS).filter(
      ({ retriable, httpStatus }) => retriable && [400, 413, 422].includes(httpStatus),
    );
    expect(refused).toEqual([]);
  });
});

describe('errorByCode', () => {
  it('finds every error by its code', () => {
    for (const { code, name } of GOLDEN) expect(errorByCode(code).name).toBe(name);
  });

  it.each([-2, 128, 32767, Number.NaN])('takes %d for an unknown error, which is not retriable', (code) => {
    expect(errorByCode(code)).toMatchObject({ name: 'UNKNOWN_SERVER_ERROR', retriable: false });
  });
});

describe('KafkaError', () => {
  class TornPageError extends KafkaError {}

  it('carries the name of its class, the error and the cause', () => {
    const cause = new Error('bit flip');
    const error = new TornPageError('CORRUPT_MESSAGE', 'page 7 is torn', { cause });
    expect(error).toMatchObject({ name: 'TornPageError', error: 'CORRUPT_MESSAGE', message: 'page 7 is torn', cause });
    expect(error).toBeInstanceOf(Error);
  });
});
