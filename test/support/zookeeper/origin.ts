import { spawnSync } from 'node:child_process';
import { mayInstall } from '../debian/packages.ts';
import { kafkaClassPath, kafkaIsFetched } from '../java/kafka-jars.ts';
import { debianClassPath, installDebianPackage } from './debian-package.ts';
import { dockerAnswers } from './docker-engine.ts';
import { say } from './say.ts';

/** Where a real ZooKeeper can be had from. */
export type Origin =
  | { readonly type: 'docker' }
  | { readonly type: 'java'; readonly classPath: string }
  | { readonly type: 'none'; readonly reasons: readonly string[] };

let found: Promise<Origin> | undefined;
let dockerIsOut: string | undefined;

/**
 * The first that there is of: Docker; the jars of Debian's package; those that Apache Kafka came with, where it has been
 * fetched; the package, installed now; Kafka, fetched now.
 */
export const findOrigin = (): Promise<Origin> => {
  found ??= look();
  return found;
};

/** Docker turned out to be of no use, although it answers and has the image: looks for another origin. */
export const findOriginBesideDocker = (why: string): Promise<Origin> => {
  if (dockerIsOut === undefined) {
    dockerIsOut = why;
    sayNotFromDocker(why);
    found = look();
  }
  return findOrigin();
};

const look = async (): Promise<Origin> => {
  const problem = dockerIsOut ?? (await dockerProblem());
  if (problem === undefined) return { type: 'docker' };
  const reasons = [`Docker: ${problem}`];
  const classPath = await javaClassPath(reasons);
  return classPath === undefined ? { type: 'none', reasons } : { type: 'java', classPath };
};

/** Why ZooKeeper cannot be had from Docker; undefined where it can, and the engine has the image. */
const dockerProblem = async (): Promise<string | undefined> => {
  if (!(await dockerAnswers())) return 'no engine answers';
  // Loading it takes longer than starting ZooKeeper does.
  const { prepareDocker } = await import('./docker-image.ts');
  const problem = await prepareDocker();
  if (problem !== undefined) sayNotFromDocker(problem);
  return problem;
};

/** Whoever has an engine may wonder. */
const sayNotFromDocker = (why: string): void => say(`not from Docker: ${why}`);

/** Adds to `reasons` why something cannot be had. */
const javaClassPath = async (reasons: string[]): Promise<string | undefined> => {
  if (runs('java', '-version')) {
    const installed = debianClassPath();
    if (installed !== undefined) return installed;
    if (kafkaIsFetched()) return kafkaClassPath();
  }
  if (mayInstall()) {
    const problem = installDebianPackage();
    if (problem === undefined) return debianClassPath();
    reasons.push(problem);
  } else {
    reasons.push("Debian's package zookeeper: not installed, and only root on Debian or Ubuntu can install it");
  }
  if (runs('java', '-version') && runs('mvn', '--version')) return kafkaClassPath();
  reasons.push('the jars that come with Apache Kafka: needs Java and Maven');
  return undefined;
};

const runs = (program: string, argument: string): boolean => spawnSync(program, [argument]).status === 0;
