import { findStep } from '../../steps/index.ts';
import type { Finding } from '../definition.ts';
import { nearestInstead } from '../fix-edits.ts';
import { suggest } from '../nearest.ts';
import type { LintRule } from './rule.ts';

export const unknownWorkflow: LintRule = {
  id: 'unknown_workflow',
  severity: 'error',
  docs: 'A step that starts or stops a workflow which this location does not have: the step would fail.',
  example: `- { id: go, type: start_workflow, config: { name: welcom } }`,
  fixes: 'Writes the nearest slug or name.',
  check: ({ definition, workflows }) => {
    if (workflows === null) return [];
    const known = new Set([definition.name, ...workflows.flatMap(({ id, slug, name }) => [id, slug, name])]);
    return definition.steps.flatMap(({ type, config, written, path }): Finding[] => {
      const ref = findStep(type)?.workflow?.(config);
      if (ref === undefined || ref.includes('{{') || known.has(ref)) return [];
      const key = Object.keys(written).find((name) => written[name] === ref);
      const names = workflows.flatMap(({ slug, name }) => [slug, name]);
      const here = [...path, 'config', ...(key === undefined ? [] : [key])];
      const fix = key === undefined ? undefined : nearestInstead(here, ref, names);
      return [{
        path: here,
        message: `There is no workflow "${ref.slice(0, 100)}" in this location.`,
        hint: suggest(ref, names) ?? 'Create the workflow first, then publish.',
        fix,
      }];
    });
  },
};
