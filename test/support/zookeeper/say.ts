/** Tells whoever runs the tests, beside what their reporter prints. */
export const say = (text: string): void => {
  process.stderr.write(`zookeeper: ${text}\n`);
};

/** As `say`, so that it cannot be overlooked. */
export const shout = (text: string): void => {
  const frame = '*'.repeat(100);
  process.stderr.write(`\n${frame}\n${text}\n${frame}\n\n`);
};
