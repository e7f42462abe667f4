import type { StepCatalogueQuery } from '../../generated/operations/graphql.ts';

/** What a kind of step or trigger looks like. */
export interface Kind {
  icon: string;
  summary: string;
  group: string;
}
export type Catalogue = ReadonlyMap<string, Kind>;

/** Kinds of steps by their type, of triggers by `trigger:<type>`. */
export const catalogueOf = ({ stepTypes, triggerTypes }: StepCatalogueQuery): Catalogue =>
  new Map([
    ...stepTypes.map(({ type, ...kind }): [string, Kind] => [type, kind]),
    ...triggerTypes.map(({ type, ...kind }): [string, Kind] => [`trigger:${type}`, { ...kind, group: 'trigger' }]),
  ]);
