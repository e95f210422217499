import fc from 'fast-check';
import { CREATED, ROOT } from '../step.ts';

/** Few and short, so that requests meet. */
const OFTEN = [`${ROOT}/a`, `${ROOT}/b`, `${ROOT}/a/x`];
const SOMETIMES = [`${ROOT}/a/y`, `${ROOT}/b/x`, `${ROOT}/a/x/p`];

const RARE = [`${ROOT}/none/x`, `${ROOT}/日本`];

const BAD = [
  '',
  'a',
  `${ROOT}/a/`,
  `${ROOT}//a`,
  `${ROOT}/./a`,
  `${ROOT}/../a`,
  `${ROOT}/a\u0000`,
  `${ROOT}/a\u0001`,
  `${ROOT}/\uf8ff`,
];

/** A znode that may be there. */
export const node = fc.oneof(
  { weight: 25, arbitrary: fc.constantFrom(...OFTEN) },
  { weight: 12, arbitrary: fc.constantFrom(...SOMETIMES) },
  { weight: 6, arbitrary: fc.nat({ max: 3 }).map((index) => `${CREATED}${index}`) },
  { weight: 1, arbitrary: fc.constantFrom(...RARE) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD) },
);

/** Reads and watches go to the root as well, which no step removes. */
export const nodeOrRoot = fc.oneof({ weight: 8, arbitrary: node }, { weight: 1, arbitrary: fc.constant(ROOT) });

export const nodesOrRoot = fc.array(nodeOrRoot, { maxLength: 3 });

/** What a number is appended to. */
export const sequencePrefix = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(`${ROOT}/a/n-`, `${ROOT}/n-`, `${ROOT}/a/`, `${ROOT}/`) },
  { weight: 1, arbitrary: node },
);
