import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyMessage } from '../../src/messages/api.ts';
import { APIS, type ApiName } from '../../src/messages/apis.ts';
import { RequestHeader, ResponseHeader } from '../../src/messages/headers.ts';
import { float64, nested, struct, uint16, uint32 } from '../../src/schema/field.ts';
import { message } from '../../src/schema/message.ts';
import { arbitraryDamages, damaged, expectDecodedOrRefused } from '../support/damage.ts';
import { arbitraryStruct } from './arbitrary-value.ts';

const Rest = struct({ small: uint16('0+'), large: uint32('0+'), ratio: float64('1+') });
const RareTypes = message('RareTypes', '0-2', '1+', {
  rest: nested('0+', Rest),
  maybe: nested('1+', Rest, { nullable: '1+', default: null, tag: 3, tagged: '2+' }),
});

/** Between them these need everything else that a declaration can say. */
const APIS_OF_ALL_SORTS: readonly ApiName[] = [
  'ApiVersions',
  'Metadata',
  'Fetch',
  'Produce',
  'LeaderAndIsr',
  'UpdateMetadata',
  'JoinGroup',
  'ConsumerGroupHeartbeat',
  'AlterClientQuotas',
];
const SCHEMAS: readonly AnyMessage[] = [
  RareTypes,
  RequestHeader,
  ResponseHeader,
  ...APIS_OF_ALL_SORTS.flatMap((name) => [APIS[name].request, APIS[name].response]),
];
const CASES = SCHEMAS.flatMap((schema) =>
  Array.from({ length: schema.versions.max - schema.versions.min + 1 }, (_, index) => {
    const version = schema.versions.min + index;
    return { name: schema.name, schema, version, at: { version, flexible: schema.isFlexible(version) } };
  }),
);

describe.each(CASES)('$name v$version', ({ schema, version, at }) => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(arbitraryStruct(schema.fields, at), (value) => {
        expect(schema.decode(version, schema.encode(version, value))).toEqual(value);
      }),
      { numRuns: 30 },
    );
  });

  it('decodes damaged bytes into no more than they hold, or says what is wrong', () => {
    fc.assert(
      fc.property(arbitraryStruct(schema.fields, at), arbitraryDamages, (value, damages) => {
        expectDecodedOrRefused(schema, version, damaged(schema.encode(version, value), damages));
      }),
      { numRuns: 60 },
    );
  });

  it('decodes random bytes into no more than they hold, or says what is wrong', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (raw) =>
        expectDecodedOrRefused(schema, version, Buffer.from(raw)),
      ),
      { numRuns: 60 },
    );
  });
});
