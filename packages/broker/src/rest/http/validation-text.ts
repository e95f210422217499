import type { FastifySchemaValidationError } from 'fastify';

/** Where a field is, by fastify's word for it. */
const PLACES: Readonly<Record<string, string>> = {
  params: 'in the path',
  querystring: 'in the query',
  headers: 'in the headers',
  body: 'in the body',
};

/** What a schema's validator found wrong with a request, in words: `offset in the query must be >= 0 or "latest"`. */
export const validationText = (errors: readonly FastifySchemaValidationError[], context = ''): string => {
  const [first] = errors;
  const place = PLACES[context] ?? context;
  const unknown = first?.params.additionalProperty;
  if (typeof unknown === 'string') return `there is no field ${unknown} ${place}`;
  const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const wishes = new Set(errors.flatMap(wishOf));
  return `${field === '' ? 'what is' : field} ${place} must be ${Array.from(wishes).join(' or ')}`;
};

const TOPIC_NAME = 'a name of 1 to 249 of a-z, A-Z, 0-9, ., _ and -, and neither . nor ..';

/** What would have been right; nothing for the sum of several wishes that are there one by one. */
const wishOf = ({ keyword, instancePath, params, message }: FastifySchemaValidationError): string[] => {
  if (keyword === 'anyOf') return [];
  if (keyword === 'const') return [JSON.stringify(params.allowedValue)];
  if (keyword === 'pattern' && instancePath === '/topic') return [TOPIC_NAME];
  return [(message ?? keyword).replace(/^must be /, '')];
};
