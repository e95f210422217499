import { parseMediaType } from '../http/media-type.ts';
import { RestError } from '../http/rest-error.ts';

export const V2_TYPE = 'application/vnd.kafka.v2+json';

export type EmbeddedFormat = 'json' | 'binary';

/** For the API's description. */
export const V2_BODY_TYPES = ['application/vnd.kafka.json.v2+json', 'application/vnd.kafka.binary.v2+json'];

const VERSIONED = /^application\/vnd\.kafka(?:\.(json|binary))?(?:\.v[12])?\+json$/;

/**
 * In what the keys and values of a body are embedded. A type that names no format means binary, and plain JSON means JSON,
 * which is what those who send it expect.
 *
 * @throws RestError 415
 */
export const embeddedFormat = (contentType: string | undefined): EmbeddedFormat => {
  const { type } = parseMediaType(contentType);
  if (type === 'application/json') return 'json';
  if (type === '' || type === 'application/octet-stream') return 'binary';
  const match = VERSIONED.exec(type);
  if (match === null) {
    throw new RestError(415, 'INVALID_REQUEST', `records cannot be of type ${type}, only ${V2_BODY_TYPES.join(', ')}`);
  }
  return match[1] === 'json' ? 'json' : 'binary';
};
