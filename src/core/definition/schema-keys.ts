import type { z } from 'zod';
import type { Path } from './definition.ts';

/** The part of a zod schema's definition that leads further in. */
interface Def {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  items?: z.core.$ZodType[];
  options?: z.core.$ZodType[];
  left?: z.core.$ZodType;
  right?: z.core.$ZodType;
  getter?: () => z.core.$ZodType;
}

/** Every key that a schema knows at a path: what an unknown key there may have meant. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let schemas = [schema];
  for (const part of path) schemas = schemas.flatMap((one) => inner(one, part)).slice(0, 50);
  return [...new Set(schemas.flatMap((one) => objects(one)).flatMap(({ shape }) => Object.keys(shape ?? {})))];
}

function inner(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  return objects(schema).flatMap((def) => {
    if (typeof part === 'number') return def.element ?? def.items?.[part] ?? [];
    return def.shape?.[part] ?? def.valueType ?? [];
  });
}

/** Looks through optional, default, pipe, lazy and union wrappers at what holds keys or elements. */
function objects(schema: z.core.$ZodType, depth = 0): Def[] {
  const def = schema._zod.def as unknown as Def; // zod types each kind apart; only the wrappers' names matter here
  if (depth > 8) return [];
  const within = [def.innerType, def.in, def.out, def.left, def.right, def.getter?.(), ...(def.options ?? [])].filter((one) => one !== undefined);
  return within.length > 0 ? within.flatMap((one) => objects(one, depth + 1)) : [def];
}
