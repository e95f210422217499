import { allKilled } from './faults/all-killed.ts';
import { controllerKilled } from './faults/controller-killed.ts';
import { leaderKilled } from './faults/leader-killed.ts';
import { chaosSuite } from './support/chaos-suite.ts';

await chaosSuite('A cluster whose brokers are killed', [leaderKilled, controllerKilled, allKilled]);
