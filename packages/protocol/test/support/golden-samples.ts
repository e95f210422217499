import { readFileSync } from 'node:fs';
import type { AnyMessage, Api } from '../../src/messages/api.ts';
import { APIS } from '../../src/messages/apis.ts';
import { RequestHeader, ResponseHeader } from '../../src/messages/headers.ts';

/** A line of the golden files: a message as Kafka encoded it, and what its JSON converter says of it. */
export type GoldenSample = {
  readonly schema: AnyMessage;
  readonly version: number;
  readonly bytes: Buffer;
  /** As text, for its numbers have more than 53 bits and its order counts. */
  readonly jsonText: string;
  /** Tag to hex, at the top of the message. */
  readonly unknownTags: Readonly<Record<string, string>>;
};

type Line = {
  readonly kind: string;
  readonly version: number;
  readonly hex: string;
  readonly unknownTags?: Readonly<Record<string, string>>;
};

const FOLDER = new URL('../../../../test/golden/messages/', import.meta.url);

export const goldenText = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const samplesIn = (file: string, schemas: Readonly<Record<string, AnyMessage>>): GoldenSample[] =>
  goldenText(`${file}.ndjson`)
    .trimEnd()
    .split('\n')
    .map((text) => {
      const { kind, version, hex, unknownTags = {} } = JSON.parse(text) as Line;
      const schema = schemas[kind];
      if (schema === undefined) throw new Error(`${file} has a ${kind}`);
      const jsonText = text.slice(text.indexOf('"json":') + '"json":'.length, text.lastIndexOf(',"hex":'));
      return { schema, version, bytes: Buffer.from(hex, 'hex'), jsonText, unknownTags };
    });

/** All samples of the requests and responses of an API. */
export const samplesOf = ({ name, request, response }: Api): GoldenSample[] => samplesIn(name, { request, response });

export const headerSamples = (): GoldenSample[] =>
  samplesIn('headers', { 'request-header': RequestHeader, 'response-header': ResponseHeader });

export const ALL_APIS: readonly Api[] = Object.values(APIS);
