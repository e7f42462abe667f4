/** A value written in a template: filters take literals, never paths. */
export type Literal = string | number | boolean;

/** One argument of a filter, checked when a workflow is published. */
export interface FilterArgument {
  name: string;
  kind: 'text' | 'number' | 'whole' | 'any';
  optional?: boolean;
  /** What is wrong with a literal of the right kind, for people; null when it will do. */
  check?(value: Literal): string | null;
}

/** What a filter may know beside its value. */
export interface FilterMoment {
  now: number;
  /** IANA zone in which calendar filters count. */
  zone: string;
}

/** One filter: `{{ value | name: argument, … }}`. A filter that its value does not suit answers undefined, which renders empty. */
export interface FilterDefinition {
  name: string;
  /** One sentence for the catalogue and the docs. */
  summary: string;
  example: string;
  args: FilterArgument[];
  /** True when it wants to see missing values; the others pass them on. */
  takesMissing: boolean;
  apply(value: unknown, args: Literal[], moment: FilterMoment): unknown;
}

type Given = Omit<FilterDefinition, 'args' | 'takesMissing'> & Partial<Pick<FilterDefinition, 'args' | 'takesMissing'>>;

/** Declares a filter; without `args` it takes none. */
export function defineFilter(given: Given): FilterDefinition {
  return { args: [], takesMissing: false, ...given };
}
