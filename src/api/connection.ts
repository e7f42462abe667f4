import type { ObjectRef } from '@pothos/core';
import { builder } from './builder.ts';

/** The connection of a node type, one for every list of it: `WorkflowConnection` of `WorkflowEdge`s, with `nodes` beside `edges`. */
export function connectionOf<Shape>(type: ObjectRef<typeof builder.$inferSchemaTypes, Shape>) {
  return builder.connectionObject({ type, name: `${type.name}Connection` }, { name: `${type.name}Edge` });
}
