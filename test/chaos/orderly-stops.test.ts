import { eachStopped } from './faults/each-stopped.ts';
import { rollingRestart } from './faults/rolling-restart.ts';
import { chaosSuite } from './support/chaos-suite.ts';

await chaosSuite('A cluster whose brokers are stopped in order', [eachStopped, rollingRestart]);
