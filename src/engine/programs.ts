import type { Context } from '../context.ts';
import { compileStored } from '../core/definition/compile.ts';
import type { Program } from '../core/program.ts';
import type { Assets, Location } from '../core/state.ts';
import { messageOf } from '../errors.ts';
import { Recent } from './recent.ts';

/** A version made ready to run, or why that failed: its runs fail with the reason, the others go on. */
export type Compiled = { program: Program } | { error: string };

type Stores = Pick<Context, 'versions' | 'assets'>;

/** One cache for each set of stores, so that every caller in a process shares it and two tests do not. */
const programCaches = new WeakMap<Stores['versions'], Recent<string, Compiled>>();
const assetCaches = new WeakMap<Stores['assets'], Recent<string, { revision: number; assets: Assets }>>();

const MAX_PROGRAMS = 1_000;
const MAX_LOCATIONS = 1_000;

/** Programs of versions by id. A published version never changes, so a program is compiled once per process. */
export async function programsOf(ctx: Stores, versionIds: Iterable<string>): Promise<Map<string, Compiled>> {
  const cache = cacheOf(programCaches, ctx.versions, MAX_PROGRAMS);
  const found = new Map<string, Compiled>();
  const missing: string[] = [];
  for (const id of new Set(versionIds)) {
    const known = cache.get(id);
    if (known) found.set(id, known);
    else missing.push(id);
  }
  if (missing.length === 0) return found;
  const stored = await ctx.versions.definitions(missing);
  for (const id of missing) {
    const version = stored.get(id);
    const compiled: Compiled = version ? compiledOf(id, version.definition) : { error: `Version ${id} does not exist. Was its workflow deleted by hand?` };
    if (version) cache.set(id, compiled);
    found.set(id, compiled);
  }
  return found;
}

function compiledOf(id: string, definition: unknown): Compiled {
  try {
    return { program: compileStored(definition) };
  } catch (error) {
    return { error: `Version ${id} does not compile with this build: ${messageOf(error)}` };
  }
}

/** Templates and voicemails of locations by id, read again when their revision differs from the one that was loaded. */
export async function assetsOf(ctx: Stores, locations: Map<string, Location & { assetsRevision: number }>): Promise<Map<string, Assets>> {
  const cache = cacheOf(assetCaches, ctx.assets, MAX_LOCATIONS);
  const found = new Map<string, Assets>();
  for (const [id, { assetsRevision }] of locations) {
    let known = cache.get(id);
    if (known?.revision !== assetsRevision) {
      known = await ctx.assets.assets(id);
      cache.set(id, known);
    }
    found.set(id, known.assets);
  }
  return found;
}

function cacheOf<Store extends object, Value>(caches: WeakMap<Store, Recent<string, Value>>, store: Store, limit: number): Recent<string, Value> {
  const cache = caches.get(store) ?? new Recent<string, Value>(limit);
  caches.set(store, cache);
  return cache;
}
