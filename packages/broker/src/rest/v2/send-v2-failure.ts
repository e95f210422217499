import type { FastifyReply } from 'fastify';
import { withStatus } from '../http/error-answers.ts';
import type { ErrorAnswer } from '../http/rest-error.ts';
import { v2Error } from './v2-errors.ts';
import { V2_TYPE } from './v2-media-types.ts';

/** Whether who calls `url` expects the shapes of the REST Proxy, whatever is there. */
export const isV2 = (url: string): boolean => /^\/(?:topics|consumers|brokers)(?:[/?]|$)/.test(url);

/** As bytes: fastify would add a charset to the type. */
export const sendV2Failure = (reply: FastifyReply, answer: ErrorAnswer): FastifyReply =>
  withStatus(reply, answer)
    .type(V2_TYPE)
    .send(Buffer.from(JSON.stringify(v2Error(answer))));
