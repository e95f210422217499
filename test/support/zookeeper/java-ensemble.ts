import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ensemble } from './ensemble.ts';
import { freePorts } from './free-ports.ts';
import { JavaMember } from './java-member.ts';
import type { ServerSettings } from './server-config.ts';

const HOST = '127.0.0.1';

/** `count` servers as processes on the loopback interface; they are still to be started. */
export const javaEnsemble = async (classPath: string, count: number, settings: ServerSettings): Promise<Ensemble> => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-zookeeper-'));
  const ports = await freePorts(3 * count);
  const takePort = (): number => ports.pop() ?? 0;
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const peers = new Map(count === 1 ? [] : ids.map((id) => [id, `${HOST}:${takePort()}:${takePort()}`]));
  const members = ids.map((id) => {
    const place = { dataDir: join(dir, String(id)), clientHost: HOST, clientPort: takePort(), peers };
    return new JavaMember({ id, classPath, settings, place });
  });
  return new Ensemble(members, async () => rmSync(dir, { recursive: true, force: true }));
};
