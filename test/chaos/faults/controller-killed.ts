import { until } from '../../support/until.ts';
import { bringBack, statesOf, whenReplaced } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

const ELECT_MAX_MS = 30_000;

export const controllerKilled: Fault = {
  name: 'controller SIGKILL',
  inflict: async (round) => {
    const { scene, load } = round;
    const { witness, cluster } = scene;
    const before = await statesOf(round);
    const controller = cluster.broker((await witness.controllerId()) ?? 0);
    const epoch = await witness.controllerEpoch();
    await controller.kill();
    await until('another controller is elected', ELECT_MAX_MS, async () => {
      const id = await witness.controllerId();
      const isElected = id !== undefined && id !== controller.id && (await witness.controllerEpoch()) > epoch;
      return isElected ? true : undefined;
    });
    await whenReplaced(round, controller, before);
    await load.flows();
    await bringBack(round, controller);
  },
};
