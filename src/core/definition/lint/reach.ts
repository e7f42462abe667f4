import type { Graph } from '../graph.ts';

/** Every step that can be reached from `start`, itself included, on paths that do not enter `without`. */
export function reachable(graph: Graph, start: string, without: string | null = null): Set<string> {
  const reached = new Set<string>();
  const open = start === without ? [] : [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    open.push(...graph.next(id).filter((next) => next !== without));
  }
  return reached;
}

/** Groups of steps that can each reach one another, through steps that `may` pass alone; single steps only when they lead to themselves. Tarjan's algorithm, without recursion. */
export function cycles(graph: Graph, may: (id: string) => boolean): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  const nextOf = (id: string): string[] => graph.next(id).filter((next) => may(next));
  const close = (id: string): void => {
    if (low.get(id) !== order.get(id)) return;
    const group = stack.splice(stack.indexOf(id));
    for (const member of group) onStack.delete(member);
    if (group.length > 1 || nextOf(id).includes(id)) found.push(group);
  };
  for (const root of graph.steps.keys()) {
    if (order.has(root) || !may(root)) continue;
    const work: { id: string; nexts: string[] }[] = [];
    const enter = (id: string): void => {
      order.set(id, order.size);
      low.set(id, order.get(id)!);
      stack.push(id);
      onStack.add(id);
      work.push({ id, nexts: nextOf(id) });
    };
    enter(root);
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const next = top.nexts.shift();
      if (next === undefined) {
        close(top.id);
        work.pop();
        const parent = work.at(-1);
        if (parent) low.set(parent.id, Math.min(low.get(parent.id)!, low.get(top.id)!));
      } else if (!order.has(next)) enter(next);
      else if (onStack.has(next)) low.set(top.id, Math.min(low.get(top.id)!, order.get(next)!));
    }
  }
  return found;
}
