import type { Data } from '../state.ts';

/** A key at the left margin of block YAML; inside a text, a list or a map it would be indented. */
const VERSION = /^(version:[ \t]+)\d+/m;

/**
 * A file that says of which version it is says of the one that it is exported from: by that a later import is told apart from a stale one.
 * Nothing else in the text changes, and a file that says nothing stays as it is.
 */
export const stampVersion = (yaml: string, number: number): string => yaml.replace(VERSION, `$1${number}`);

/** The same for a definition as a value. */
export const stampDefinition = (definition: Data, number: number): Data => (typeof definition['version'] === 'number' ? { ...definition, version: number } : definition);
