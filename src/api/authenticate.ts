import type { Context } from '../context.ts';
import type { Admit } from '../services/caller.ts';
import type { ApiContext } from './builder.ts';
import { createLoaders } from './loaders.ts';

/** What resolvers get for the caller behind an `Authorization` header. Throws as `Admit` does. */
export type Enter = (authorization: unknown) => Promise<ApiContext>;

export const createEntrance = (ctx: Context, admit: Admit): Enter => async (authorization) => {
  const who = await admit(authorization);
  const db = ctx.reader(who.locationId);
  return { ctx, who, db, load: createLoaders(ctx, who, db) };
};
