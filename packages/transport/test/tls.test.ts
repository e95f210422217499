import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PeerHandlers } from '../src/index.ts';
import { Peers } from './support/peers.ts';

const dir = mkdtempSync(join(tmpdir(), 'transport-tls-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** A key and a certificate that signs itself, for 127.0.0.1. */
const selfSigned = (name: string): { key: Buffer; cert: Buffer } => {
  const [keyFile, certFile] = [join(dir, `${name}.key`), join(dir, `${name}.crt`)];
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const whose = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...what, ...whose, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { key: readFileSync(keyFile), cert: readFileSync(certFile) };
};

const server = selfSigned('server');
const caller = selfSigned('caller');
const stranger = selfSigned('stranger');
const echo: PeerHandlers = { Heartbeat: ({ generationId }) => ({ throttleTimeMs: 0, errorCode: generationId }) };
const send = ({ client }: Peers) =>
  client.send('Heartbeat', 4, { groupId: 'g', generationId: 6, memberId: 'm' }, { deadlineMs: 10_000 });

describe('TLS', () => {
  it('carries requests where each side knows the certificate of the other', async () => {
    await using peers = await Peers.start(echo, {
      serverTls: { ...server, ca: caller.cert, requestCert: true, rejectUnauthorized: true },
      clientTls: { ...caller, ca: server.cert },
    });
    expect((await send(peers)).errorCode).toBe(6);
  });

  it('refuses a server that is not known', async () => {
    await using peers = await Peers.start(echo, { serverTls: stranger, clientTls: { ca: server.cert } });
    await expect(send(peers)).rejects.toMatchObject({ outcome: 'refused', failure: 'unreachable' });
  });

  it('refuses a caller that is not known', async () => {
    await using peers = await Peers.start(echo, {
      serverTls: { ...server, ca: caller.cert, requestCert: true, rejectUnauthorized: true },
      clientTls: { ...stranger, ca: server.cert },
    });
    await expect(send(peers)).rejects.toMatchObject({ outcome: 'refused', failure: 'unreachable' });
  });
});
