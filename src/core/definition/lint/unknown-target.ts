import { nearestInstead } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';

export const unknownTarget: LintRule = {
  id: 'unknown_target',
  severity: 'error',
  docs: 'An arm, `next` or `on_error` names neither a step nor an end (`end`, `exit_success`, `exit_<word>`), so a contact would be stuck there.',
  example: `- { id: hello, type: add_tag, next: goodby, config: { tag: met } }
- { id: goodbye, type: exit }`,
  fixes: 'Writes the nearest step id.',
  check: ({ graph }) => {
    const ids = [...graph.steps.keys(), 'end', 'exit_success'];
    const broken = [...graph.edges.values()].flat().filter((edge) => edge.inferred === null && (edge.to === null || (edge.error && 'end' in edge.to)));
    const seen = new Set<string>();
    return broken.flatMap(({ from, name, path }) => {
      const key = JSON.stringify(path);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ path, message: `"${from}" leads to "${name}", and there is no step with that id.`, hint: suggest(name, ids), fix: nearestInstead(path, name, ids) }];
    });
  },
};
