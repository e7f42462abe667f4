/**
 * Lots that are drawn the same way every time: a hash of who and where, never a random number. So a split is even over
 * many contacts, repeatable after a crash, and sticky when a contact comes back.
 */

/** A number in [0, 1) that depends on the text alone: FNV-1a over the text, then MurmurHash3's finalizer to spread it. */
export const lot = (text: string): number => hash32(text) / 0x1_0000_0000;

/** 32 bits that depend on the text alone. Not for secrets. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * The row that a lot falls on, by relative weight: `pick([{weight: 1}, {weight: 3}], 0.5)` is the second.
 * Rows of weight 0 are never picked. Throws `RangeError` when all weights are 0.
 */
export function pick<Row extends { weight: number }>(rows: Row[], drawn: number): Row {
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  if (total <= 0) throw new RangeError('All weights are 0, so nothing can be picked: give at least one row a weight above 0.');
  let left = drawn * total;
  for (const row of rows) {
    if (row.weight > 0 && left < row.weight) return row;
    left -= row.weight;
  }
  return rows.findLast((row) => row.weight > 0) as Row;
}
