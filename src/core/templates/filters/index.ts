import { dateFilters } from './dates.ts';
import type { FilterDefinition } from './define-filter.ts';
import { encodingFilters } from './encoding.ts';
import { listFilters } from './lists.ts';
import { numberFilters } from './numbers.ts';
import { textFilters } from './text.ts';

/** Every filter, in the order of the catalogue. */
export const filterDefinitions: FilterDefinition[] = [...dateFilters, ...textFilters, ...listFilters, ...numberFilters, ...encodingFilters];

/** Name → filter. */
const filters: ReadonlyMap<string, FilterDefinition> = new Map(filterDefinitions.map((filter) => [filter.name, filter]));

export const filterNames: string[] = [...filters.keys()];

/** The filter of that name. A `Map`, so that no inherited name (`constructor`, `valueOf`) is ever one. */
export const findFilter = (name: string): FilterDefinition | undefined => filters.get(name);
