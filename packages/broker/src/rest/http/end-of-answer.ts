import type { FastifyReply } from 'fastify';

/** Aborted when nobody waits for the answer any longer: the client is gone, or one of `others` is aborted. */
export const endOfAnswer = (reply: FastifyReply, ...others: AbortSignal[]): AbortSignal => {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return others.length === 0 ? gone.signal : AbortSignal.any([gone.signal, ...others]);
};
