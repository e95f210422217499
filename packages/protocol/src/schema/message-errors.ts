import { type ErrorName, KafkaError } from '@barnabas/model';

/** What was wrong, while the way out of the message still collects the names of the fields around it. */
export class FieldFault extends Error {
  /** From the innermost field outwards. */
  readonly path: (string | number)[] = [];
  readonly error: ErrorName | undefined;
  /** Position in the buffer that is read; -1 while writing. */
  readonly position: number;

  constructor(reason: string, position = -1, error?: ErrorName) {
    super(reason);
    this.position = position;
    this.error = error;
  }
}

/** Adds the field (or the place in an array) where a fault happened, and hands the fault on. */
export const faultIn = (step: string | number, thrown: unknown): unknown => {
  if (thrown instanceof FieldFault) thrown.path.push(step);
  return thrown;
};

/** `topics[2].partitions[0].index`; empty for the message itself. */
export const formatPath = (fault: FieldFault): string => {
  let text = '';
  for (const step of fault.path.toReversed()) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
};

/** Where a fault happened: the message, its version and the field (empty where it is the message as a whole). */
export type FaultPlace = { readonly messageName: string; readonly version: number; readonly path: string };

const placed = ({ messageName, version, path }: FaultPlace, reason: string): string =>
  `${messageName} v${version}${path === '' ? '' : `, ${path}`}: ${reason}`;

/** Bytes that are not the message they should be. */
export class MalformedMessageError extends KafkaError {
  readonly place: FaultPlace;
  /** Position in the buffer that was read. */
  readonly position: number;

  constructor(error: ErrorName, place: FaultPlace, position: number, reason: string) {
    super(error, `${placed(place, reason)} (at byte ${position})`);
    this.place = place;
    this.position = position;
  }
}

/** A value that the message cannot carry: a number out of range, a null, or a field which that version lacks. */
export class UnencodableMessageError extends KafkaError {
  readonly place: FaultPlace;

  constructor(error: ErrorName, place: FaultPlace, reason: string) {
    super(error, placed(place, reason));
    this.place = place;
  }
}

/** A version that the message does not have. */
export class UnsupportedMessageVersionError extends KafkaError {
  readonly messageName: string;
  readonly version: number;

  constructor(messageName: string, version: number) {
    super('UNSUPPORTED_VERSION', `${messageName} has no version ${version}`);
    this.messageName = messageName;
    this.version = version;
  }
}
