/** Deletes topics, from version 6 on by name or by id. */
import { array, int16, int32, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const DeleteTopicState = struct({
  /** Null where the id says which topic. */
  name: string('6+', { nullable: '6+', default: null }),
  topicId: uuid('6+'),
});

export const DeleteTopicsRequest = message('DeleteTopicsRequest', '0-6', '4+', {
  topics: array('6+', DeleteTopicState, { default: [] }),
  topicNames: array('0-5', string, { default: [], ignorable: true }),
  timeoutMs: int32('0+'),
});
export type DeleteTopicsRequest = TypeOf<typeof DeleteTopicsRequest>;

const DeletableTopicResult = struct({
  name: string('0+', { nullable: '6+' }),
  topicId: uuid('6+', { ignorable: true }),
  errorCode: int16('0+'),
  errorMessage: string('5+', { nullable: '5+', default: null, ignorable: true }),
});

export const DeleteTopicsResponse = message('DeleteTopicsResponse', '0-6', '4+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  responses: array('0+', DeletableTopicResult),
});
export type DeleteTopicsResponse = TypeOf<typeof DeleteTopicsResponse>;
