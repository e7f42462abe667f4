import { pathsOf } from '../../templates/parse.ts';
import type { Finding } from '../definition.ts';
import type { Graph } from '../graph.ts';
import { suggest } from '../nearest.ts';
import { reachable } from './reach.ts';
import type { LintRule } from './rule.ts';
import { textsOf } from './texts.ts';
import type { Text } from './texts.ts';

export const unreadStep: LintRule = {
  id: 'unread_step',
  severity: 'error',
  docs: 'A variable `steps.<id>.…` of a step that does not exist is an error; of one that has not run on every path to the reader, a warning: it renders as empty there.',
  check: ({ definition, graph }) => {
    const bypassing = new Map<string, Set<string>>();
    const without = (id: string): Set<string> => {
      if (!bypassing.has(id)) bypassing.set(id, reachable(graph, graph.entry, id));
      return bypassing.get(id)!;
    };
    return textsOf(definition).flatMap((text) => readsOf(text).flatMap((id) => judge(id, text, graph, without)));
  },
};

/** Ids of the steps whose results a text reads; a condition's field may be a bare path. */
function readsOf({ text, key }: Text): string[] {
  const bare = key === 'field' && text.startsWith('steps.') ? [text.split('.')] : [];
  return [...new Set([...pathsOf(text), ...bare].flatMap(([root, id]) => (root === 'steps' && id !== undefined ? [id] : [])))];
}

function judge(id: string, { path, step }: Text, graph: Graph, without: (id: string) => Set<string>): Finding[] {
  if (!graph.steps.has(id)) return [{ path, message: `"steps.${id}" is read here, and there is no step "${id}".`, hint: suggest(id, graph.steps.keys()) }];
  if (step === null || step.id === id || !without(id).has(step.id)) return [];
  return [{ severity: 'warning', path, message: `"${step.id}" reads "steps.${id}", and "${id}" has not run on every path to it.`, hint: `Give it a value for that case: {{ steps.${id}.… | default: "…" }}, or run "${id}" before.` }];
}
