import type { Graph } from '../graph.ts';
import type { LintRule } from './rule.ts';

export const fallThrough: LintRule = {
  id: 'fall_through',
  severity: 'info',
  docs: 'A step without `next` (or an arm that is left out) goes on behind the arms that stand between: rule 3 of the flow. A warning where another reading is as likely.',
  example: `- { id: keen, type: condition, config: { if: { field: tags, operator: contains, value: keen }, then: text, else: mail } }
- { id: text, type: send_sms, config: { message: Hi } }
- { id: mail, type: send_email, config: { subject: Hi, text: Hi } }
- { id: both, type: add_tag, config: { tag: met } }`,
  fixes: 'Adds `next` with the step that it goes on to.',
  check: ({ definition, graph }) => {
    const joins = joinsOf(graph);
    return definition.steps.flatMap((step) => {
      const skipping = graph.edges.get(step.id)!.find((edge) => edge.possible && edge.inferred !== null && edge.inferred.skipped.length > 0);
      if (!skipping) return [];
      const { skipped, doubtful } = skipping.inferred!;
      const outcome = skipping.outcome === 'next' ? '' : ` (by "${skipping.outcome}")`;
      return [
        {
          path: step.path,
          severity: doubtful || skipped.some((id) => joins.has(id)) ? ('warning' as const) : ('info' as const),
          message: `"${step.id}" names no next step; it goes on to "${skipping.name}"${outcome}, past ${list(skipped)}, which ${skipped.length === 1 ? 'belongs' : 'belong'} to another arm.`,
          hint: `Add \`next: ${skipping.name}\` to say so, or name another step.`,
          fix: { title: `Add next: ${skipping.name}`, edits: [{ path: [...step.path, 'next'], value: skipping.name }] },
        },
      ];
    });
  },
};

/** Steps that others name as their `next`: there paths meet, and passing them by may be a mistake. */
const joinsOf = (graph: Graph): Set<string> =>
  new Set([...graph.edges.values()].flat().flatMap(({ inferred, outcome, name }) => (inferred === null && outcome === 'next' ? [name] : [])));

function list(ids: string[]): string {
  const shown = ids.slice(0, 5).map((id) => `"${id}"`).join(', ');
  return ids.length > 5 ? `${shown} and ${ids.length - 5} more` : shown;
}
