import { Type } from '../http/schema.ts';

export const V2ErrorBody = Type.Object({ error_code: Type.Integer(), message: Type.String() });

export const V2Topic = Type.Object({
  name: Type.String(),
  configs: Type.Record(Type.String(), Type.String()),
  partitions: Type.Array(
    Type.Object({
      partition: Type.Integer(),
      leader: Type.Integer(),
      replicas: Type.Array(Type.Object({ broker: Type.Integer(), leader: Type.Boolean(), in_sync: Type.Boolean() })),
    }),
  ),
});

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

export const V2Offsets = Type.Object({
  offsets: Type.Array(
    Type.Object({
      partition: Nullable(Type.Integer()),
      offset: Nullable(Type.Integer()),
      error_code: Nullable(Type.Integer()),
      error: Nullable(Type.String()),
    }),
  ),
  key_schema_id: Type.Null(),
  value_schema_id: Type.Null(),
});
