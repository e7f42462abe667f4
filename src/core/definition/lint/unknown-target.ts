import { nearestInstead } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';

const END_HINT = 'Write fail, or the id of an exit step that ends the run so.';

export const unknownTarget: LintRule = {
  id: 'unknown_target',
  severity: 'error',
  docs: 'An arm, `next` or `on_error` names neither a step nor an end (`end`, `exit_success`, `exit_<word>`), so a contact would be stuck there.',
  example: `- { id: hello, type: add_tag, next: goodby, config: { tag: met } }
- { id: goodbye, type: exit }`,
  fixes: 'Writes the nearest step id.',
  check: ({ graph }) => {
    const ids = [...graph.steps.keys()];
    const targets = [...ids, 'end', 'exit_success'];
    const handlers = ['fail', 'continue', ...ids];
    const broken = [...graph.edges.values()].flat().filter((edge) => edge.inferred === null && (edge.to === null || (edge.error && 'end' in edge.to)));
    const seen = new Set<string>();
    return broken.flatMap(({ from, name, path, error, to }) => {
      const key = JSON.stringify(path);
      if (seen.has(key)) return [];
      seen.add(key);
      const possible = error ? handlers : targets;
      const message = to === null ? `"${from}" leads to "${name}", and there is no step with that id.` : `"${from}" names the end "${name}" in on_error, which takes fail, continue or a step.`;
      return [{ path, message, hint: to === null ? suggest(name, possible) : END_HINT, fix: to === null ? nearestInstead(path, name, possible) : undefined }];
    });
  },
};
