/** What a configuration is of, as the messages number it. */
export const RESOURCE_TYPE = { topic: 2, broker: 4 } as const;
