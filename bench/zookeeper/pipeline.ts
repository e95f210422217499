/**
 * Runs `count` requests with `inFlight` of them under way at any time, and answers how many were done in a second. `request`
 * calls `done` once it has its answer.
 */
export function perSecond(count: number, inFlight: number, request: (done: () => void) => void): Promise<number> {
  return new Promise((resolve) => {
    const beganMs = performance.now();
    let sent = 0;
    let answered = 0;
    const done = (): void => {
      answered++;
      if (sent < count) next();
      else if (answered === count) resolve((count / (performance.now() - beganMs)) * 1000);
    };
    const next = (): void => {
      sent++;
      request(done);
    };
    for (let begun = 0; begun < Math.min(inFlight, count); begun++) next();
  });
}
