import type { Diagnostic as Finding } from '../core/definition/diagnostic.ts';
import { pathPointer, pathText } from '../core/definition/diagnostic.ts';
import { builder } from './builder.ts';
import { Severity } from './enums.ts';

export const Diagnostic = builder.objectRef<Finding>('Diagnostic').implement({
  description: 'One finding about a definition: what is wrong, where, and what to do about it.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'The rule that found it, e.g. `unknown-target`.' }),
    severity: t.expose('severity', { type: Severity, description: 'Errors refuse publishing.' }),
    blocksSaving: t.boolean({ description: 'True when a definition with it cannot be stored at all.', resolve: (finding) => finding.kind === 'structure' && finding.severity === 'error' }),
    message: t.exposeString('message', { description: 'What was found and what was expected.' }),
    hint: t.exposeString('hint', { nullable: true, description: 'What to do.' }),
    path: t.stringList({ description: 'The way to it: `["steps", "3", "config"]`.', resolve: (finding) => finding.path.map(String) }),
    location: t.string({ description: 'The same for people: `steps[3].config`.', resolve: (finding) => pathText(finding.path) }),
    pointer: t.string({ description: 'The same as a JSON Pointer: `/steps/3/config`.', resolve: (finding) => pathPointer(finding.path) }),
    line: t.exposeInt('line', { nullable: true, description: 'Line in the YAML source, from 1.' }),
    column: t.exposeInt('column', { nullable: true, description: 'Column in the YAML source, from 1.' }),
  }),
});
