import { describe, expect, it } from 'vitest';
import { decodeAcls } from '../../src/znodes/acl-znode.ts';
import { decodeConfig } from '../../src/znodes/config-znode.ts';
import { decodeProducerIdBlock } from '../../src/znodes/producer-id-block.ts';

/** Programs that have no word for null, and some servers' clients, write data of no length in its place. */
describe.each([
  ['null', null],
  ['of no length', new Uint8Array()],
])('data that is %s', (_, data) => {
  it('configures nothing', () => {
    expect(decodeConfig({ type: 'topic', topic: 't' }, data)).toEqual(new Map());
  });

  it('is no producer id block yet', () => {
    expect(decodeProducerIdBlock(data)).toBeUndefined();
  });

  it('lets no one do anything', () => {
    expect(decodeAcls({ resourceType: 'Topic', name: 't', patternType: 'LITERAL' }, data)).toEqual([]);
  });
});
