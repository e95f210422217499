import { isUtf8 } from 'node:buffer';
import { JsonCursor } from './json-cursor.ts';
import { MalformedJsonError } from './malformed-json-error.ts';

/** @throws MalformedJsonError for bytes that are not UTF-8 */
export const checkUtf8 = (bytes: Buffer): void => {
  if (!isUtf8(bytes)) throw new MalformedJsonError('it is not UTF-8', 0);
};

/** The one value that `bytes` hold, without the space around it. @throws MalformedJsonError */
export const onlyValue = (bytes: Buffer): Buffer => {
  const cursor = new JsonCursor(bytes);
  const value = cursor.takeValue();
  checkEnd(cursor);
  return value;
};

/** The elements of the array that `bytes` hold; undefined for any other value. @throws MalformedJsonError */
export const elementsOf = (bytes: Buffer): Buffer[] | undefined => {
  const cursor = new JsonCursor(bytes);
  if (!cursor.takes('[')) return undefined;
  const elements: Buffer[] = [];
  if (!cursor.takes(']')) {
    do elements.push(cursor.takeValue());
    while (cursor.takes(','));
    if (!cursor.takes(']')) throw cursor.fault('a comma or a closing bracket is missing');
  }
  checkEnd(cursor);
  return elements;
};

/**
 * The members of the object that `bytes` hold, by name.
 *
 * @throws MalformedJsonError for any other value, and for a name that is there twice: which of them would count?
 */
export const membersOf = (bytes: Buffer): Map<string, Buffer> => {
  const cursor = new JsonCursor(bytes);
  if (!cursor.takes('{')) throw cursor.fault('an object is expected');
  const members = new Map<string, Buffer>();
  if (!cursor.takes('}')) {
    do addMember(members, cursor);
    while (cursor.takes(','));
    if (!cursor.takes('}')) throw cursor.fault('a comma or a closing bracket is missing');
  }
  checkEnd(cursor);
  return members;
};

const addMember = (members: Map<string, Buffer>, cursor: JsonCursor): void => {
  const name: string = JSON.parse(cursor.takeName().toString('utf8'));
  if (members.has(name)) throw cursor.fault(`a second member ${JSON.stringify(name)}`);
  members.set(name, cursor.takeValue());
};

const checkEnd = (cursor: JsonCursor): void => {
  cursor.skipSpace();
  if (!cursor.isAtEnd) throw cursor.fault('something after the value');
};

/**
 * Whether `bytes` are one JSON value and nothing else: with no space around it, which would be lost where it is written
 * into other JSON.
 */
export const isBareJson = (bytes: Buffer): boolean => {
  const cursor = new JsonCursor(bytes);
  try {
    return cursor.takeValue().length === bytes.length;
  } catch (thrown) {
    if (thrown instanceof MalformedJsonError) return false;
    throw thrown;
  }
};
