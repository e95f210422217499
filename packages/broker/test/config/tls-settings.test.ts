import { type BrokerProperties, DEFAULT_BROKER_PROPERTIES } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { tlsSettings } from '../../src/config/tls-settings.ts';

const settingsOf = (properties: Partial<BrokerProperties>) =>
  tlsSettings({ ...DEFAULT_BROKER_PROPERTIES, ...properties }, async (path) => {
    if (path === '/gone') throw new Error('ENOENT');
    return Buffer.from(`content of ${path}`);
  });

const PEM = { sslKeystoreType: 'PEM', sslKeystoreLocation: '/key.pem' };
const KEY = Buffer.from('content of /key.pem');

describe('tlsSettings', () => {
  it('takes key and certificates out of one PEM file', async () => {
    const { server, client } = await settingsOf({ ...PEM, sslKeyPassword: 'secret' });
    expect(server).toEqual({
      key: KEY,
      cert: KEY,
      passphrase: 'secret',
      requestCert: false,
      rejectUnauthorized: false,
    });
    expect(client).toEqual({ key: KEY, cert: KEY, passphrase: 'secret' });
  });

  it('takes PEM texts in place of files', async () => {
    const { server } = await settingsOf({
      sslKeystoreType: 'PEM',
      sslKeystoreKey: 'key',
      sslKeystoreCertificateChain: 'chain',
      sslTruststoreCertificates: 'ca',
    });
    expect(server).toMatchObject({ key: 'key', cert: 'chain', ca: 'ca' });
  });

  it('takes a PKCS12 file with its password', async () => {
    const { server } = await settingsOf({
      sslKeystoreType: 'PKCS12',
      sslKeystoreLocation: '/key.p12',
      sslKeystorePassword: 'secret',
    });
    expect(server).toMatchObject({ pfx: Buffer.from('content of /key.p12'), passphrase: 'secret' });
  });

  it.each([
    ['none', false, false],
    ['requested', true, false],
    ['required', true, true],
  ] as const)('asks clients for a certificate as ssl.client.auth=%s says', async (sslClientAuth, asks, refuses) => {
    const { server } = await settingsOf({ ...PEM, sslClientAuth });
    expect(server).toMatchObject({ requestCert: asks, rejectUnauthorized: refuses });
  });

  it('holds the name of a broker against its certificate unless it is told not to', async () => {
    expect((await settingsOf(PEM)).client.checkServerIdentity).toBeUndefined();
    expect(
      (await settingsOf({ ...PEM, sslEndpointIdentificationAlgorithm: '' })).client.checkServerIdentity,
    ).toBeDefined();
  });

  it.each([
    [{}, 'ssl.keystore.type: a listener with SSL needs a key store of type PEM or PKCS12, not JKS'],
    [{ sslKeystoreType: 'PEM' }, 'ssl.keystore.location: a listener with SSL needs a key and its certificates'],
    [{ ...PEM, sslKeystoreLocation: '/gone' }, 'ssl.keystore.location: /gone cannot be read: ENOENT'],
    [
      { ...PEM, sslTruststoreLocation: '/trust.jks' },
      'ssl.truststore.type: a trust store has to be of type PEM, not JKS',
    ],
  ])('refuses %j', async (properties, message) => {
    await expect(settingsOf(properties)).rejects.toThrow(message);
  });
});
