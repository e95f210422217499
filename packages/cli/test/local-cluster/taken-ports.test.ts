import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refuseTakenPorts } from '../../src/local-cluster/taken-ports.ts';

describe('refuseTakenPorts', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('names the port that somebody listens on at %s, until it is free', async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const wanted = [{ port, use: 'REST of broker 2' }];
    await expect(refuseTakenPorts(wanted)).rejects.toThrow(
      new RegExp(`^port ${port}, for REST of broker 2, is taken.*PORT_OFFSET`),
    );
    server.close();
    await once(server, 'close');
    await refuseTakenPorts(wanted);
  });
});
