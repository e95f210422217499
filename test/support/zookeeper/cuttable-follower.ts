import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ensemble } from './ensemble.ts';
import { freePorts } from './free-ports.ts';
import { JavaMember } from './java-member.ts';
import type { Member } from './member.ts';
import { findOriginBesideDocker } from './origin.ts';
import type { ServerSettings } from './server-config.ts';
import { SilentProxy } from './silent-proxy.ts';

const HOST = '127.0.0.1';
const IDS = [1, 2, 3] as const;
/** Of equals the greatest id is elected: in a new ensemble never this one. */
const FOLLOWER = 1;

/** An ensemble of three whose first server always follows, and can be cut off from whoever leads it. Ends with `stop`. */
export type CuttableEnsemble = {
  readonly ensemble: Ensemble;
  readonly follower: Member;
  /** What it and the leader say to each other arrives no more; neither is told. */
  cut(): void;
  stop(): Promise<void>;
};

/** Starts one, as processes on this machine: Docker's networks are not cut. */
export const cuttableEnsemble = async (settings: ServerSettings): Promise<CuttableEnsemble> => {
  const origin = await findOriginBesideDocker('the network between the servers is to be cut');
  if (origin.type !== 'java') throw new Error('there is no ZooKeeper to start as a process');
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-zookeeper-'));
  const ports = await freePorts(3 * IDS.length);
  const takePort = (): number => ports.pop() ?? 0;
  const places = IDS.map((id) => ({ id, toFollow: takePort(), toElect: takePort(), clientPort: takePort() }));
  const proxies = await Promise.all(places.map(({ toFollow }) => SilentProxy.start(HOST, toFollow)));
  const members = places.map(({ id, clientPort }) => {
    const peers = new Map(
      places.map((peer, index) => {
        const proxied = id === FOLLOWER && peer.id !== FOLLOWER ? proxies[index]?.port : undefined;
        return [peer.id, `${HOST}:${proxied ?? peer.toFollow}:${peer.toElect}`];
      }),
    );
    const place = { dataDir: join(dir, String(id)), clientHost: HOST, clientPort, peers };
    return new JavaMember({ id, classPath: origin.classPath, settings, place });
  });
  const ensemble = new Ensemble(members, async () => {
    for (const proxy of proxies) proxy.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  await ensemble.start();
  const [follower] = members;
  if (follower === undefined || (await ensemble.leader()) === follower) {
    await ensemble.stop();
    throw new Error(`server ${FOLLOWER} was to follow`);
  }
  return {
    ensemble,
    follower,
    cut: () => {
      for (const proxy of proxies) proxy.silence = 'both';
    },
    stop: () => ensemble.stop(),
  };
};
