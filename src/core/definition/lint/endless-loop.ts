import { findStep } from '../../steps/index.ts';
import type { DefinedStep, Finding } from '../definition.ts';
import type { Graph } from '../graph.ts';
import { cycles } from './reach.ts';
import type { LintRule } from './rule.ts';

export const endlessLoop: LintRule = {
  id: 'endless_loop',
  severity: 'error',
  docs: 'A loop in which no step waits runs through its 25 visits at once; a loop with no way out never ends. Exit conditions and `max_run_age` are ways out.',
  example: `- { id: ring, type: make_call, config: { say: Hello } }
- { id: again, type: condition, config: { if: { field: tags, operator: contains, value: called }, then: end, else: ring } }`,
  check: ({ definition, graph }) => {
    const rushing = cycles(graph, (id) => !waits(graph.steps.get(id)!));
    const leaves = definition.exitConditions.length > 0 || definition.settings.maxRunAge !== null;
    const closed = leaves ? [] : cycles(graph, () => true).filter((group) => !group.some((id) => leadsOut(id, new Set(group), graph)));
    const told = new Set(rushing.flat());
    return [
      ...rushing.map((group) => finding(group, graph, 'no step of it waits', 'Put a wait into the loop, or let its last step lead on.')),
      ...closed.filter((group) => !group.some((id) => told.has(id)))
        .map((group) => finding(group, graph, 'it has no way out', 'Add a condition whose arm leaves the loop, or an exit condition.')),
    ];
  },
};

const waits = (step: DefinedStep): boolean => findStep(step.type)?.waits(step.config) ?? false;

function leadsOut(id: string, group: Set<string>, graph: Graph): boolean {
  const edges = (graph.edges.get(id) ?? []).filter(({ possible }) => possible);
  return edges.length === 0 || edges.some(({ to }) => to === null || 'end' in to || !group.has(to.stepId));
}

/** Points at the edge that goes back, which is where a loop is mended. */
function finding(group: string[], graph: Graph, why: string, hint: string): Finding {
  const order = [...graph.steps.keys()];
  const members = group.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const back = members.flatMap((id) => graph.edges.get(id)!)
    .filter(({ from, to }) => to && 'stepId' in to && group.includes(to.stepId) && order.indexOf(to.stepId) <= order.indexOf(from)).at(-1);
  const shown = members.length > 8 ? `${members.slice(0, 8).join(' → ')} → …` : members.join(' → ');
  return { path: back?.path ?? graph.steps.get(members[0]!)!.path, message: `The steps ${shown} → ${members[0]} form a loop, and ${why}.`, hint };
}
