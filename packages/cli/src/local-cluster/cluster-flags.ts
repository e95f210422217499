import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ClusterSettings, MOST_BROKERS, MOST_PORT_OFFSET } from './cluster-settings.ts';

/** The flags of `dev`, `up` and their like, as commander gives them. */
export type ClusterFlags = {
  readonly brokers: number;
  readonly portOffset: number;
  readonly dataDir: string;
  readonly zookeeperConnect?: string;
  readonly override: readonly string[];
};

export const dataDirFlag = (): Option =>
  fromEnvironment('DATA_DIR', new Option('--data-dir <dir>', 'where all files are kept'))
    .default('data')
    .argParser(notEmpty);

/** Those that say what to start, and where; most may stand in the environment as well. */
export function addStartFlags(command: Command): Command {
  return command
    .helpOption('--help', 'print this help')
    .addOption(
      fromEnvironment('BROKERS', new Option('--brokers <count>', 'how many brokers'))
        .default(3)
        .argParser(wholeNumber(1, MOST_BROKERS)),
    )
    .addOption(
      fromEnvironment('PORT_OFFSET', new Option('--port-offset <number>', 'moves all ports'))
        .default(0)
        .argParser(wholeNumber(0, MOST_PORT_OFFSET)),
    )
    .addOption(dataDirFlag())
    .addOption(
      fromEnvironment(
        'ZOOKEEPER_CONNECT',
        new Option(
          '--zookeeper-connect <host:port/chroot>',
          'an ensemble that is there, instead of a server of our own',
        ),
      ).argParser(notEmpty),
    )
    .addOption(
      new Option('--override <name=value>', 'a property of all brokers; may be given several times')
        .default([], 'none')
        .argParser(nameAndValue),
    );
}

/** A variable that is empty is as good as none, as compose files and build servers have them. */
function fromEnvironment(name: string, option: Option): Option {
  return process.env[name] === '' ? option : option.env(name);
}

export function settingsOf(flags: ClusterFlags): ClusterSettings {
  const { brokers, portOffset, dataDir, zookeeperConnect, override } = flags;
  return { brokers, portOffset, dataDir: resolve(dataDir), zookeeperConnect, overrides: override };
}

/** Taken for what it is, an empty directory is the current one. */
function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

/** What each broker of a cluster has of its own, and what to say instead. */
const OWN_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['broker.id', 'brokers are 1, 2, 3 and so on, as many as --brokers says'],
  ['listeners', '--port-offset moves the ports'],
  ['advertised.listeners', '--port-offset moves the ports'],
  ['log.dir', '--data-dir says where files are kept'],
  ['log.dirs', '--data-dir says where files are kept'],
  ['zookeeper.connect', '--zookeeper-connect says which ensemble to use'],
]);

function nameAndValue(text: string, before: readonly string[]): readonly string[] {
  const name = /^[^=\s]+(?==)/.exec(text)?.[0];
  if (name === undefined) throw new InvalidArgumentError('It must be name=value.');
  const instead = OWN_PROPERTIES.get(name);
  if (instead !== undefined) throw new InvalidArgumentError(`Each broker has a ${name} of its own: ${instead}.`);
  return [...before, text];
}

function wholeNumber(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= greatest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${greatest}.`);
  };
}
