import { describe, expect, it } from 'vitest';
import { digestIdentity, isDigestId, maskedDigestId } from '../../../src/server/engine/digest-scheme.ts';

describe('digestIdentity', () => {
  it.each([
    // As `java org.apache.zookeeper.server.auth.DigestAuthenticationProvider` prints them.
    ['super:secret', 'super:lK75jTNcA+U9vtVEw5vB51mj/w4='],
    ['ann:a:b', 'ann:EYXFEV9aApPD3KKCbSfRkMYZNy4='],
    ['nobody', 'nobody:Nl7BemdfMnO8FsdHYa2D8s8HxZo='],
  ])('of %s is %s', (credentials, id) => {
    expect(digestIdentity(Buffer.from(credentials))).toEqual({ scheme: 'digest', id });
  });
});

describe('isDigestId', () => {
  it.each(['a:b', ':b', 'a:b:', 'a:b::'])('takes %j', (id) => expect(isDigestId(id)).toBe(true));
  it.each(['', 'a', 'a:', ':', '::', 'a:b:c'])('refuses %j', (id) => expect(isDigestId(id)).toBe(false));
});

describe('maskedDigestId', () => {
  it('keeps the user', () => expect(maskedDigestId('ann:xyz:zyx')).toBe('ann:x'));
});
