import { MillraceError, type Fault } from '../errors.ts';

/** The way to a fault in what the caller sent, from the way that the service tells. */
type Rename = (fault: Fault) => Fault['path'];

/**
 * The same INVALID_INPUT in the words of whoever is answered: a service's `first_name` is GraphQL's `firstName`, its `audioUrl` REST's `audio_url`.
 * Every other error stays as it is.
 */
export function inWords(error: MillraceError, rename: Rename): MillraceError {
  if (error.code !== 'INVALID_INPUT' || error.faults.length === 0) return error;
  const faults = error.faults.map((fault) => ({ ...fault, path: rename(fault) }));
  const message = faults.reduce((text, fault, index) => text.replace(told(error.faults[index]!), () => told(fault)), error.message);
  return new MillraceError(error.code, message, { faults, detail: error.detail, cause: error });
}

const told = ({ path, message }: Fault): string => (path.length === 0 ? message : `${path.join('.')}: ${message}`);

/** Renames the first part of a path, where the table has a word for it. A key that nobody knows stays as the caller wrote it. */
export const byTable = (words: Record<string, string>): Rename => ({ path, rule }) => {
  const [first, ...rest] = path;
  const known = typeof first === 'string' && Object.hasOwn(words, first) && !(rule === 'unknown_key' && rest.length === 0);
  return known ? [words[first]!, ...rest] : path;
};

/** Does something whose input came under other names: what is refused is told by these. */
export async function renamed<Made>(rename: Rename, act: () => Promise<Made>): Promise<Made> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof MillraceError ? inWords(error, rename) : error;
  }
}
