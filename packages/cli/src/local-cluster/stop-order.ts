import { askBroker } from './ask-broker.ts';

/**
 * The brokers in the order in which they are best stopped, one by one: each hands over what it leads to those that are left,
 * and the controller, which sees to that, goes last, so that there is no other one to be elected in between.
 */
export async function stopOrder<Broker extends { readonly id: number; readonly url: string | undefined }>(
  brokers: readonly Broker[],
): Promise<Broker[]> {
  for (const { url } of brokers) {
    const answer = url === undefined ? undefined : await askBroker(`${url}/v1/brokers`);
    const controllerId = controllerIn(answer?.json);
    if (controllerId === undefined) continue;
    const others = brokers.filter(({ id }) => id !== controllerId);
    return [...others, ...brokers.filter(({ id }) => id === controllerId)];
  }
  return [...brokers];
}

function controllerIn(json: unknown): number | undefined {
  const isAnswer = typeof json === 'object' && json !== null && 'controllerId' in json;
  return isAnswer && typeof json.controllerId === 'number' ? json.controllerId : undefined;
}
