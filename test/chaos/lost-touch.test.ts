import { followerWiped } from './faults/follower-wiped.ts';
import { leaderHalted } from './faults/leader-halted.ts';
import { zooKeeperDown } from './faults/zookeeper-down.ts';
import { chaosSuite } from './support/chaos-suite.ts';

await chaosSuite('A cluster whose parts lose touch or memory', [leaderHalted, zooKeeperDown, followerWiped]);
