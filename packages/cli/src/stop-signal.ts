const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Until somebody asks the program to stop; it may take its time then, unless it is asked again. */
export type StopSignal = {
  /** Resolves with the first signal. A second one ends the process at once, as if nobody had listened. */
  readonly asked: Promise<(typeof SIGNALS)[number]>;
  /** Listens no more. */
  readonly release: () => void;
};

export function stopSignal(): StopSignal {
  let release = () => {};
  const asked = new Promise<(typeof SIGNALS)[number]>((resolve) => {
    const listeners = SIGNALS.map((signal) => {
      const listener = () => resolve(signal);
      process.once(signal, listener);
      return () => process.removeListener(signal, listener);
    });
    release = () => {
      for (const remove of listeners) remove();
    };
  });
  return { asked: asked.finally(release), release };
}
