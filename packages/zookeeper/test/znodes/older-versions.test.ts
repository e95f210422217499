import { describe, expect, it } from 'vitest';
import { CONFIG_CHANGES } from '../../src/znodes/config-change-notification.ts';
import { decodeConfig } from '../../src/znodes/config-znode.ts';
import { decodeController } from '../../src/znodes/controller-znode.ts';
import { decodeDelegationToken } from '../../src/znodes/delegation-token.ts';
import { decodeProducerIdBlock } from '../../src/znodes/producer-id-block.ts';

describe('what older brokers and other tools wrote', () => {
  it('is read: a controller without KRaft epoch', () => {
    expect(decodeController(Buffer.from('{"version":1,"brokerid":3,"timestamp":"1"}'))).toBe(3);
  });

  it('is read: a notification of version 1', () => {
    const data = Buffer.from('{"version":1,"entity_type":"clients","entity_name":"c%2F1"}');
    expect(CONFIG_CHANGES.decode('/p', data)).toEqual({ type: 'client', client: 'c/1' });
  });

  it('is read: a token of version 1, whose requester is its owner', () => {
    const data = Buffer.from(
      '{"version":1,"owner":"User%3Aa+b","renewers":[],"issueTimestamp":1,"maxTimestamp":3,"expiryTimestamp":2,"tokenId":"x"}',
    );
    expect(decodeDelegationToken('x', data)).toMatchObject({ owner: 'User:a b', tokenRequester: 'User:a b' });
  });

  it('is read: a configuration without data, or without any value', () => {
    expect(decodeConfig({ type: 'topic', topic: 't' }, null)).toEqual(new Map());
    expect(decodeConfig({ type: 'topic', topic: 't' }, Buffer.from('{"version":1}'))).toEqual(new Map());
  });

  it('is read: no block of producer ids yet', () => {
    expect(decodeProducerIdBlock(null)).toBeUndefined();
  });
});
