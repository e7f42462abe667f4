export interface Position {
  x: number;
  y: number;
}

const COLUMN = 280;
const ROW = 140;

/** Places nodes in layers from top to bottom, each below those that lead to it; edges that go back in the list do not count. Positions that are known are kept. */
export function layOut(ids: string[], edges: { source: string; target: string }[], known: Map<string, Position>): Map<string, Position> {
  const order = new Map(ids.map((id, index) => [id, index]));
  const layers = new Map(ids.map((id) => [id, 0]));
  const bySource = groupBy(edges, ({ source }) => source);
  for (const id of ids) {
    for (const { target } of bySource.get(id) ?? []) {
      if ((order.get(target) ?? -1) > order.get(id)!) layers.set(target, Math.max(layers.get(target)!, layers.get(id)! + 1));
    }
  }
  const rows = groupBy(ids, (id) => layers.get(id)!);
  return new Map(ids.map((id) => {
    const row = rows.get(layers.get(id)!)!;
    const x = (row.indexOf(id) - (row.length - 1) / 2) * COLUMN;
    return [id, known.get(id) ?? { x: Math.round(x), y: layers.get(id)! * ROW }];
  }));
}

/** Items by key, in the order in which they came. */
export function groupBy<T, K>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
