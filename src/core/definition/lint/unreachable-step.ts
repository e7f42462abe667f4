import type { LintRule } from './rule.ts';
import { reachable } from './reach.ts';

export const unreachableStep: LintRule = {
  id: 'unreachable_step',
  severity: 'warning',
  docs: 'No path leads from the first step to this one, so it never runs.',
  example: `- { id: bye, type: exit }
- { id: never, type: add_tag, config: { tag: x } }`,
  check: ({ definition, graph }) => {
    const reached = reachable(graph, graph.entry);
    return definition.steps
      .filter(({ id }) => !reached.has(id))
      .map(({ id, path }) => ({ path: [...path, 'id'], message: `No path leads to "${id}", so it never runs.`, hint: 'Let an arm or a `next` name it, move it, or remove it.' }));
  },
};
