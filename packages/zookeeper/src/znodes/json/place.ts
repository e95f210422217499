import { MalformedZnodeError } from '../malformed-znode-error.ts';

const SHOWN_CHARACTERS = 60;

/** Where in which znode a value stands; for errors. */
export class Place {
  /** The znode. */
  readonly path: string;
  readonly #keys: string;

  constructor(path: string, keys = '') {
    this.path = path;
    this.#keys = keys;
  }

  /** The place of what is under `key` here. */
  at(key: string | number): Place {
    return new Place(this.path, this.#keys === '' ? `${key}` : `${this.#keys}.${key}`);
  }

  /** An error that says what should stand here. */
  expected(what: string, found: unknown): MalformedZnodeError {
    return this.wrong(`it is ${shown(found)}, not ${what}`);
  }

  wrong(reason: string): MalformedZnodeError {
    return new MalformedZnodeError(this.path, this.#keys === '' ? reason : `${cut(this.#keys)}: ${reason}`);
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}
