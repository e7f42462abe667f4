/** How far apart two words may be before a suggestion is a guess: a third of the longer one. */
const TOLERANCE = 0.34;

/**
 * The candidate that `word` most likely meant, or null when none is close. `messsage` → `message`. Compared without regard to case, `-` and `_`.
 * @param tolerance how far apart they may be, as a part of the longer one
 */
export function nearest(word: string, candidates: Iterable<string>, tolerance = TOLERANCE): string | null {
  const wanted = fold(word);
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const other = fold(candidate);
    const length = Math.max(wanted.length, other.length);
    const limit = length < 3 ? 0 : Math.max(1, Math.floor(length * tolerance));
    if (Math.abs(wanted.length - other.length) > limit) continue;
    const distance = editDistance(wanted, other);
    if (distance <= limit && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `Did you mean "message"?`, or a list of what is possible when nothing is close. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  const all = [...candidates];
  const found = nearest(word, all);
  if (found !== null) return `Did you mean "${found}"?`;
  return all.length === 0 ? null : `Use one of: ${all.slice(0, 30).join(', ')}${all.length > 30 ? ', …' : ''}.`;
}

const fold = (word: string): string => word.slice(0, 100).toLowerCase().replaceAll(/[-_\s]/g, '');

/** Optimal string alignment: one insertion, deletion, replacement or swap of neighbours counts one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length]!;
}
