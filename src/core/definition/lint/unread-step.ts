import { findStep } from '../../steps/index.ts';
import type { Finding } from '../definition.ts';
import type { Graph } from '../graph.ts';
import { nearestInstead, nearestWithin } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import { reachable } from './reach.ts';
import type { LintRule } from './rule.ts';
import { stepPathsOf, textsOf } from './texts.ts';
import type { Text } from './texts.ts';

export const unreadStep: LintRule = {
  id: 'unread_step',
  severity: 'error',
  docs: 'A variable `steps.<id>.…` of a step that does not exist is an error; of one that has not run on every path to the reader, a warning: it renders as empty there.',
  example: `- { id: welcome, type: send_email, config: { subject: Hi, text: Hi } }
- { id: keen, type: condition, config: { if: { field: "{{steps.welcom.opened}}", operator: is_true }, then: end } }`,
  fixes: 'Writes the nearest step id into the template.',
  check: ({ definition, graph }) => {
    const bypassing = new Map<string, Set<string>>();
    const without = (id: string): Set<string> => {
      if (!bypassing.has(id)) bypassing.set(id, reachable(graph, graph.entry, id));
      return bypassing.get(id)!;
    };
    const named = definition.steps.flatMap((step) =>
      (findStep(step.type)?.reads(step.config) ?? []).flatMap(({ id, path }) => judge(id, { path: [...step.path, 'config', ...path], step }, graph, without)));
    return [...named, ...textsOf(definition).flatMap((text) => [...new Set(stepPathsOf(text).map(({ id }) => id))].flatMap((id) => judge(id, text, graph, without)))];
  },
};

function judge(id: string, { path, step, text }: Pick<Text, 'path' | 'step'> & Partial<Text>, graph: Graph, without: (id: string) => Set<string>): Finding[] {
  if (!graph.steps.has(id)) return [{
    path,
    message: `"steps.${id}" is read here, and there is no step "${id}".`,
    hint: suggest(id, graph.steps.keys()),
    fix: text === undefined ? nearestInstead(path, id, graph.steps.keys()) : nearestWithin(path, text, id, graph.steps.keys()),
  }];
  if (step === null || step.id === id || !without(id).has(step.id)) return [];
  return [{
    severity: 'warning',
    path,
    message: `"${step.id}" reads "steps.${id}", and "${id}" has not run on every path to it.`,
    hint: `Give it a value for that case: {{ steps.${id}.… | default: "…" }}, or run "${id}" before.`,
  }];
}
