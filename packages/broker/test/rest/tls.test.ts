import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listeningDoor } from './support/test-door.ts';

/** A key and a certificate that signs itself, for 127.0.0.1. */
const selfSigned = (): { key: Buffer; cert: Buffer } => {
  const dir = mkdtempSync(join(tmpdir(), 'rest-tls-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const [keyFile, certFile] = [join(dir, 'key'), join(dir, 'crt')];
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const whose = ['-subj', '/CN=rest', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...what, ...whose, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { key: readFileSync(keyFile), cert: readFileSync(certFile) };
};

describe('the door over TLS', () => {
  it('answers those who know its certificate', async () => {
    const tls = selfSigned();
    const { cluster, port } = await listeningDoor({}, { tls });
    cluster.addTopic('t');
    const [response]: IncomingMessage[] = await once(
      get({ port, host: '127.0.0.1', path: '/v1/topics', ca: tls.cert }),
      'response',
    );
    const chunks = await response?.toArray();
    expect([response?.statusCode, String(chunks?.[0])]).toEqual([200, '["t"]']);
    await expect(once(get({ port, host: '127.0.0.1', path: '/v1/topics' }), 'response')).rejects.toThrow('self-signed');
  });
});
