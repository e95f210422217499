/** The images under test, whose names docker/compose.yaml takes from the same variables. */
export const imageOf = (variable: 'BROKER_IMAGE' | 'ZOOKEEPER_IMAGE'): string => {
  const name = process.env[variable];
  if (name === undefined || name === '') throw new Error(`${variable} names no image: run it by make docker-test`);
  return name;
};
