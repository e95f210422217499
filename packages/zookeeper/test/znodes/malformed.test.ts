import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedZnodeError } from '../../src/znodes/malformed-znode-error.ts';
import { encodingsOf, goldenTrees } from './golden-znodes.ts';
import { recode } from './recode.ts';

const REFUSED: readonly (readonly [path: string, data: string | null, reason: string])[] = [
  ['/controller', null, 'it has no data'],
  ['/controller', '', 'it is not JSON'],
  ['/controller', '{"brokerid":1', 'it is not JSON'],
  ['/controller', '[]', 'it is [], not an object'],
  ['/controller', 'null', 'it is null, not an object'],
  ['/controller', '{"version":2}', 'brokerid: it is missing, not an integer from 0 to 2147483647'],
  ['/controller', '{"brokerid":"1"}', 'brokerid: it is "1", not an integer from 0 to 2147483647'],
  ['/controller', '{"brokerid":-1}', 'brokerid: it is -1, not an integer from 0 to 2147483647'],
  ['/controller', '{"brokerid":2147483648}', 'brokerid: it is 2147483648, not an integer from 0 to 2147483647'],
  ['/controller', '{"brokerid":1.5}', 'brokerid: it is 1.5, not an integer from 0 to 2147483647'],
  ['/controller', '{"__proto__":{"brokerid":1}}', 'brokerid: it is missing, not an integer from 0 to 2147483647'],
  ['/controller_epoch', null, 'it has no data'],
  ['/controller_epoch', '', 'it is "", not a decimal number'],
  ['/controller_epoch', '0x10', 'it is "0x10", not a decimal number'],
  ['/controller_epoch', '2147483648', 'it is 2147483648, not an integer from 0 to 2147483647'],
  ['/brokers/ids/1', '{}', 'version: it is missing, not an integer from 1 to 2147483647'],
  ['/brokers/ids/1', '{"version":5}', 'endpoints: it is missing, not an array'],
  [
    '/brokers/ids/1',
    '{"version":2,"endpoints":["PLAINTEXT://h:65536"]}',
    'endpoints.0: it is "PLAINTEXT://h:65536", not LISTENER://host:port',
  ],
  [
    '/brokers/ids/1',
    '{"version":2,"endpoints":["X://h:1"]}',
    'endpoints.0: no security protocol is known of listener X',
  ],
  [
    '/brokers/ids/1',
    '{"version":5,"endpoints":[],"listener_security_protocol_map":{"X":"TLS"}}',
    'listener_security_protocol_map.X: it is "TLS", not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL',
  ],
  ['/brokers/ids/1', '{"version":5,"endpoints":[],"unclean":1}', 'unclean: it is 1, not true or false'],
  [
    '/brokers/ids/1',
    '{"version":5,"endpoints":[],"timestamp":"9007199254740993"}',
    'timestamp: it is "9007199254740993", not an integer below 2^53 as a string',
  ],
  ['/brokers/topics/t', '{"partitions":{"a":[1]}}', 'partitions: a is no partition'],
  ['/brokers/topics/t', '{"partitions":{"01":[1]}}', 'partitions: 01 is no partition'],
  ['/brokers/topics/t', '{"partitions":{"0":1}}', 'partitions.0: it is 1, not an array'],
  [
    '/brokers/topics/t',
    '{"partitions":{"0":[1,null]}}',
    'partitions.0.1: it is null, not an integer from 0 to 2147483647',
  ],
  [
    '/brokers/topics/t',
    '{"partitions":{},"topic_id":"short"}',
    'topic_id: it is "short", not the 22 characters of a topic id',
  ],
  [
    '/brokers/topics/t',
    '{"partitions":{},"topic_id":"AAAAAAAAAAAAAAAAAAAAAA"}',
    'topic_id: it is "AAAAAAAAAAAAAAAAAAAAAA", not the 22 characters of a topic id',
  ],
  ['/brokers/topics/t/partitions/0/state', '{"leader":-2}', 'leader: it is -2, not an integer from -1 to 2147483647'],
  ['/config/topics/t', '{"config":{"a":1}}', 'config.a: it is 1, not a string'],
  ['/config/topics/t', '{"config":[]}', 'config: it is [], not an object'],
  [
    '/config/changes/config_change_0000000000',
    '{"version":3,"entity_path":"topics/t"}',
    'version: it is 3, not an integer from 1 to 2',
  ],
  [
    '/config/changes/config_change_0000000000',
    '{"version":2,"entity_path":"topics"}',
    'it is "topics", not the path of an entity',
  ],
  [
    '/config/changes/config_change_0000000000',
    '{"version":1,"entity_type":"users","entity_name":"u"}',
    'entity_type: it is "users", not one of topics, clients',
  ],
  ['/latest_producer_id_block', '{"broker":1,"block_start":"5","block_end":"4"}', 'it is from 5 to 4'],
  [
    '/latest_producer_id_block',
    '{"broker":1,"block_start":5,"block_end":"9"}',
    'block_start: it is 5, not an integer below 2^53 as a string',
  ],
  ['/feature', '{"version":3,"status":1,"features":{}}', 'version: it is 3, not an integer from 1 to 2'],
  ['/feature', '{"version":2,"features":{}}', 'status: it is missing, not an integer from 0 to 1'],
  ['/kafka-acl/Topic/t', '{"version":2,"acls":[]}', 'version: it is 2, not an integer from 1 to 1'],
  ['/kafka-acl-changes/acl_changes_0000000000', 'TOPIC', 'it is "TOPIC", not a type, a colon and a name'],
  ['/kafka-acl-changes/acl_changes_0000000000', 'PLANET:earth', 'it is "PLANET", not a type of resource'],
  [
    '/delegation_token/tokens/x',
    '{"version":3,"owner":"User%3Aa","renewers":[],"tokenRequester":"%"}',
    'tokenId: it is missing, not a string',
  ],
  [
    '/delegation_token/tokens/x',
    '{"version":3,"owner":"User%3Aa","renewers":[],"tokenId":"x","tokenRequester":"%"}',
    'tokenRequester: it is "%", not a principal',
  ],
  ['/consumers/g/offsets/t/0', '-1', 'it is -1, not an integer from 0 to 9007199254740991'],
];

describe('data that is none', () => {
  it.each(REFUSED)('of %s, %j, is refused: %s', (path, data, reason) => {
    const error = errorOf(() => recode(path, data === null ? null : Buffer.from(data)));
    expect(error).toBeInstanceOf(MalformedZnodeError);
    expect(error).toMatchObject({ path, reason, message: `znode ${path} is malformed: ${reason}` });
  });

  it('that is not UTF-8 is refused', () => {
    expect(errorOf(() => recode('/controller', Buffer.from([0x7b, 0xff])))).toMatchObject({
      reason: 'it is not UTF-8',
    });
  });

  it('is shown only in part where it is long', () => {
    const error = errorOf(() => recode('/controller', Buffer.from(`{"brokerid":"${'x'.repeat(1_000_000)}"}`)));
    expect(error).toBeInstanceOf(MalformedZnodeError);
    expect(String(error).length).toBeLessThan(300);
  });

  it('is refused or read, and nothing else happens, whatever it is', () => {
    const anyJson = fc.tuple(fc.constantFrom(...samples()), fc.json()).map(([{ path }, json]) => ({ path, json }));
    const oneValueChanged = fc
      .tuple(fc.constantFrom(...samples()), fc.nat(), fc.jsonValue())
      .map(([{ path, data }, at, value]) => ({ path, json: withOtherValue(data, at, value) }));
    const cut = fc
      .tuple(fc.constantFrom(...samples()), fc.nat(200))
      .map(([{ path, data }, length]) => ({ path, json: data.slice(0, length) }));
    fc.assert(
      fc.property(fc.oneof(anyJson, oneValueChanged, cut), ({ path, json }) => {
        const error = errorOf(() => recode(path, Buffer.from(json)));
        expect(error === undefined || error instanceof MalformedZnodeError).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

/** One payload for each kind of znode, and a delegation token. */
function samples(): { readonly path: string; readonly data: string }[] {
  const byKind = new Map<string, { readonly path: string; readonly data: string }>();
  for (const { path, data } of goldenTrees()) {
    if (data !== null)
      byKind.set(
        path
          .split('/')
          .slice(0, 4)
          .join('/')
          .replace(/topics\/.*/, ''),
        { path, data },
      );
  }
  const [token] = encodingsOf('delegationToken');
  return [...byKind.values(), { path: '/delegation_token/tokens/x', data: token?.text ?? '' }];
}

/** The JSON with another value in one of its places. */
function withOtherValue(json: string, at: number, value: unknown): string {
  let place = 0;
  const places = (json.match(/:/g) ?? []).length;
  try {
    return JSON.stringify(JSON.parse(json, (_key, old) => (place++ === at % (places + 1) ? value : old))) ?? '';
  } catch {
    return json;
  }
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
