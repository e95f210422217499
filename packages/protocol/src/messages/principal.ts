import { string, struct } from '../schema/field.ts';

/** A principal in the messages of delegation tokens, such as `User` and `alice`. */
export const Principal = struct({
  principalType: string('0+'),
  principalName: string('0+'),
});
