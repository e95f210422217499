/**
 * The places that a broker's properties come from: a file of Java properties, the environment, where `num.partitions` is
 * `BARNABAS_NUM_PARTITIONS`, and the command line.
 */
import { Properties } from 'properties-file/parser';
import { BrokerConfigError } from './broker-config-error.ts';
import { NAMES, namesBeside } from './known-properties.ts';
import type { SetProperty } from './origin.ts';

export type PropertySources = {
  /** Its text is that of ISO 8859-1, as Java reads it. */
  readonly file?: { readonly path: string; readonly text: string } | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Each `name=value`. */
  readonly overrides?: readonly string[];
};

const PREFIX = 'BARNABAS_';
/** Variables of that prefix that are no properties. */
const NOT_PROPERTIES = new Set(['BARNABAS_DEBUG']);

const NAMES_BY_VARIABLE = new Map(NAMES.map((name) => [variableOf(name), name]));

/**
 * What is set, by name. The command line goes before the environment, which goes before the file, also where they use
 * different names of the same thing, such as `log.dir` and `log.dirs`.
 *
 * @throws BrokerConfigError for what is no property at all
 */
export function collectProperties(sources: PropertySources): ReadonlyMap<string, SetProperty> {
  const collected = new Map<string, SetProperty>();
  for (const layer of [fileProperties(sources), environmentProperties(sources), overrideProperties(sources)]) {
    for (const { name } of layer) for (const other of namesBeside(name)) collected.delete(other);
    for (const property of layer) collected.set(property.name, property);
  }
  return collected;
}

function fileProperties({ file }: PropertySources): SetProperty[] {
  if (file === undefined) return [];
  return parse(file.text, file.path)
    .getProperties()
    .map(({ key, value, startingLineNumber }) => ({
      name: key,
      value,
      origin: { kind: 'file', path: file.path, line: startingLineNumber },
    }));
}

function parse(text: string, path: string): Properties {
  try {
    return new Properties(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BrokerConfigError(path, `it is no properties file: ${reason}`, undefined);
  }
}

function environmentProperties({ environment = {} }: PropertySources): SetProperty[] {
  return Object.entries(environment)
    .filter(([variable]) => variable.startsWith(PREFIX) && !NOT_PROPERTIES.has(variable))
    .flatMap(([variable, value]) =>
      value === undefined ? [] : [{ name: nameOf(variable), value, origin: { kind: 'environment', variable } }],
    );
}

function variableOf(name: string): string {
  return PREFIX + name.replaceAll('.', '_').toUpperCase();
}

function nameOf(variable: string): string {
  return NAMES_BY_VARIABLE.get(variable) ?? variable.slice(PREFIX.length).replaceAll('_', '.').toLowerCase();
}

function overrideProperties({ overrides = [] }: PropertySources): SetProperty[] {
  return overrides.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new BrokerConfigError(text.slice(0, 100), 'an override is name=value', { kind: 'override' });
    }
    return {
      name: text.slice(0, equals).trim(),
      value: text.slice(equals + 1).trim(),
      origin: { kind: 'override' },
    };
  });
}
