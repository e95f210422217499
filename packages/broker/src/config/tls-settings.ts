/**
 * TLS by Kafka's `ssl.*`: a key store of type PEM, whose file holds key and certificates, or PKCS12; a trust store of type
 * PEM; or the PEM texts themselves. JKS, Java's own and Kafka's default, nobody but Java can read.
 */
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { BrokerProperties } from '@barnabas/model';
import { BrokerConfigError } from './broker-config-error.ts';

export type TlsSettings = {
  /** For a listener. */
  readonly server: TlsOptions;
  /** For a connection to another broker. */
  readonly client: ConnectionOptions;
};

/** Reads a file as a whole. */
export type ReadFile = (path: string) => Promise<Buffer>;

/**
 * What `properties` say, with the files read.
 *
 * @throws BrokerConfigError where something is missing or cannot be read
 */
export async function tlsSettings(properties: BrokerProperties, readFile: ReadFile): Promise<TlsSettings> {
  const identity = await identityOf(properties, readFile);
  const ca = await authoritiesOf(properties, readFile);
  const common = { ...identity, ...(ca !== undefined && { ca }) };
  return {
    server: {
      ...common,
      requestCert: properties.sslClientAuth !== 'none',
      rejectUnauthorized: properties.sslClientAuth === 'required',
    },
    client: {
      ...common,
      ...(properties.sslEndpointIdentificationAlgorithm.trim() === '' && { checkServerIdentity: () => undefined }),
    },
  };
}

type Identity = Pick<TlsOptions, 'key' | 'cert' | 'pfx' | 'passphrase'>;

async function identityOf(properties: BrokerProperties, readFile: ReadFile): Promise<Identity> {
  const { sslKeystoreType, sslKeystoreLocation, sslKeystoreKey, sslKeystoreCertificateChain } = properties;
  const type = sslKeystoreType.toUpperCase();
  if (type === 'PEM') {
    const file = sslKeystoreLocation && (await read('ssl.keystore.location', sslKeystoreLocation, readFile));
    const key = file ?? sslKeystoreKey;
    const cert = file ?? sslKeystoreCertificateChain;
    if (key === undefined || cert === undefined) {
      throw new BrokerConfigError(
        'ssl.keystore.location',
        'a listener with SSL needs a key and its certificates',
        undefined,
      );
    }
    return { key, cert, ...passphraseOf(properties.sslKeyPassword) };
  }
  if (type === 'PKCS12' && sslKeystoreLocation !== undefined) {
    const pfx = await read('ssl.keystore.location', sslKeystoreLocation, readFile);
    return { pfx, ...passphraseOf(properties.sslKeystorePassword) };
  }
  const problem = `a listener with SSL needs a key store of type PEM or PKCS12, not ${sslKeystoreType}`;
  throw new BrokerConfigError('ssl.keystore.type', problem, undefined);
}

const passphraseOf = (password: string | undefined): Identity =>
  password === undefined ? {} : { passphrase: password };

/** undefined: those that the machine trusts. */
async function authoritiesOf(properties: BrokerProperties, readFile: ReadFile): Promise<string | Buffer | undefined> {
  const { sslTruststoreType, sslTruststoreLocation, sslTruststoreCertificates } = properties;
  if (sslTruststoreCertificates !== undefined) return sslTruststoreCertificates;
  if (sslTruststoreLocation === undefined) return undefined;
  if (sslTruststoreType.toUpperCase() !== 'PEM') {
    const problem = `a trust store has to be of type PEM, not ${sslTruststoreType}`;
    throw new BrokerConfigError('ssl.truststore.type', problem, undefined);
  }
  return read('ssl.truststore.location', sslTruststoreLocation, readFile);
}

async function read(property: string, path: string, readFile: ReadFile): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BrokerConfigError(property, `${path} cannot be read: ${reason}`, undefined);
  }
}
