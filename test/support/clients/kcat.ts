/** What kcat comes with. */
export const KCAT = { command: ['kcat', '-V'], packages: ['kcat'] };
