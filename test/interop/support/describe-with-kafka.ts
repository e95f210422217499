import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { kafkaIsFetched } from '../../support/java/kafka-jars.ts';

/**
 * A suite that runs Apache Kafka. Where Java or Maven is missing it does not run and says so loudly; on CI that is a
 * failure.
 */
export const describeWithKafka = (suite: string, define: () => void): void => {
  const missing = missingPrograms();
  if (missing.length === 0) {
    describe(suite, define);
    return;
  }
  const message = `NOT RUN: ${suite}. Missing: ${missing.join(' and ')}.`;
  const frame = '*'.repeat(100);
  process.stderr.write(`\n${frame}\n${message}\n${frame}\n\n`);
  if (process.env.CI === 'true') {
    describe(suite, () => {
      it('finds Java and Maven', () => {
        throw new Error(message);
      });
    });
  } else describe.skip(suite, define);
};

/** Each with what to install. Maven is needed only to fetch Kafka. */
const missingPrograms = (): string[] => {
  const missing: string[] = [];
  if (!runs('java', '-version')) missing.push('Java 17 or later (on Debian: apt-get install openjdk-17-jre-headless)');
  if (!kafkaIsFetched() && !runs('mvn', '--version')) missing.push('Maven (on Debian: apt-get install maven)');
  return missing;
};

const runs = (program: string, argument: string): boolean => spawnSync(program, [argument]).status === 0;
