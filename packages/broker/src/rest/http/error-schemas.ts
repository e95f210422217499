import { Type } from './schema.ts';

export const ErrorBody = Type.Object(
  {
    code: Type.Integer({ description: "Kafka's number of the error" }),
    name: Type.String({ description: "Kafka's name of it" }),
    message: Type.String(),
  },
  { description: 'What went wrong' },
);

/** The answers of every route beside its own. */
export const FAILURES = { '4xx': ErrorBody, '5xx': ErrorBody };
