import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '../support/kafka/raw-client.ts';
import { LocalEnsemble } from '../support/node/local-ensemble.ts';

const LISTENERS = 'listeners=KAFKA://127.0.0.1:0,REST://127.0.0.1:0,PEERS://127.0.0.1:0';

let ensemble: LocalEnsemble;
let tls: string[];
let certificate: string;

/** A certificate for 127.0.0.1 that is its own authority, in one file with its key. */
beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  const dir = join(ensemble.dir, 'tls');
  mkdirSync(dir);
  const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(dir, name));
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject];
  execFileSync('openssl', [...made, '-keyout', `${key}`, '-out', `${cert}`], { stdio: 'ignore' });
  certificate = readFileSync(`${cert}`, 'utf8');
  writeFileSync(`${both}`, readFileSync(`${key}`, 'utf8') + certificate);
  tls = [
    'listener.security.protocol.map=KAFKA:SSL,REST:SSL,PEERS:SSL',
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${both}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${cert}`,
  ];
});

afterAll(() => ensemble.close());

const textOf = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { ca: certificate }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

describe('brokers with SSL on all listeners', () => {
  it('find each other, show their certificates and say so in ZooKeeper', async () => {
    const [one] = await Promise.all(
      [1, 2].map((id) => ensemble.startBroker([...ensemble.properties(id), ...tls, LISTENERS])),
    );
    const url = one?.url.replace('http:', 'https:');
    const { brokers } = JSON.parse(await textOf(`${url}/v1/brokers`));
    expect(brokers.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
    expect(brokers[1].listeners).toContainEqual(expect.objectContaining({ name: 'PEERS', securityProtocol: 'SSL' }));
    expect(JSON.parse(await textOf(`${url}/ready`))).toMatchObject({ status: 'ready' });
    const { port = 0 } = one?.listeners.get('KAFKA') ?? {};
    const client = await RawClient.connect({ port, ca: certificate });
    const metadata = await client.ask('Metadata', 12, { topics: [] });
    expect(metadata.brokers.map(({ nodeId, port }) => [nodeId, port])).toContainEqual([1, port]);
    client.close();
    const inClearText = await RawClient.connect({ port });
    inClearText.send('Metadata', 12, { topics: [] });
    await inClearText.whenClosed();
  });
});
