/** How long a znode lives, and whether the server appends a number of ten digits to its name. */
export type CreateMode =
  | 'persistent'
  | 'ephemeral'
  | 'persistentSequential'
  | 'ephemeralSequential'
  | 'container'
  | 'persistentWithTtl'
  | 'persistentSequentialWithTtl';

/** The modes that a session offers; containers and TTLs are the server's matter. */
export type SessionCreateMode = Extract<
  CreateMode,
  'persistent' | 'ephemeral' | 'persistentSequential' | 'ephemeralSequential'
>;

/** `flags` of a create request, by mode. */
export const CREATE_FLAGS: Readonly<Record<CreateMode, number>> = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  persistentWithTtl: 5,
  persistentSequentialWithTtl: 6,
};

const MODES: ReadonlyMap<number, CreateMode> = new Map(
  Object.entries(CREATE_FLAGS).map(([mode, flags]) => [flags, mode as CreateMode]),
);

/** The mode that `flags` of a create request stand for; undefined where they stand for none. */
export function createModeByFlags(flags: number): CreateMode | undefined {
  return MODES.get(flags);
}

export function isSequential(mode: CreateMode): boolean {
  return mode === 'persistentSequential' || mode === 'ephemeralSequential' || mode === 'persistentSequentialWithTtl';
}

export function isEphemeral(mode: CreateMode): boolean {
  return mode === 'ephemeral' || mode === 'ephemeralSequential';
}

export function hasTtl(mode: CreateMode): boolean {
  return mode === 'persistentWithTtl' || mode === 'persistentSequentialWithTtl';
}
