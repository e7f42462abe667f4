import type { Diagnostic as Finding, Fix } from '../core/definition/diagnostic.ts';
import { pathPointer, pathText } from '../core/definition/diagnostic.ts';
import { builder } from './builder.ts';
import { Severity } from './enums.ts';

const DiagnosticFix = builder.objectRef<Fix>('DiagnosticFix').implement({
  description: 'An edit of the definition that mends a finding.',
  fields: (t) => ({
    title: t.exposeString('title', { description: 'For a button: `Add next: done`.' }),
    edits: t.field({
      type: ['JSON'],
      description: 'In order: `{"pointer", "value"}` puts a value there, `{"pointer", "rename"}` renames that key.',
      resolve: ({ edits }) => edits.map(({ path, ...edit }) => ({ pointer: pathPointer(path), ...edit })),
    }),
  }),
});

export const Diagnostic = builder.objectRef<Finding>('Diagnostic').implement({
  description: 'One finding about a definition: what is wrong, where, and what to do about it.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'The rule that found it, e.g. `unknown-target`.' }),
    severity: t.expose('severity', { type: Severity, description: 'Errors refuse publishing.' }),
    blocksSaving: t.boolean({
      description: 'True when a definition with it cannot be stored at all.',
      resolve: (finding) => finding.kind === 'structure' && finding.severity === 'error',
    }),
    message: t.exposeString('message', { description: 'What was found and what was expected.' }),
    hint: t.exposeString('hint', { nullable: true, description: 'What to do.' }),
    path: t.stringList({ description: 'The way to it: `["steps", "3", "config"]`.', resolve: (finding) => finding.path.map(String) }),
    location: t.string({ description: 'The same for people: `steps[3].config`.', resolve: (finding) => pathText(finding.path) }),
    pointer: t.string({ description: 'The same as a JSON Pointer: `/steps/3/config`.', resolve: (finding) => pathPointer(finding.path) }),
    fix: t.expose('fix', { type: DiagnosticFix, nullable: true, description: 'What mends it, when that is known.' }),
    line: t.exposeInt('line', { nullable: true, description: 'Line in the YAML source, from 1.' }),
    column: t.exposeInt('column', { nullable: true, description: 'Column in the YAML source, from 1.' }),
  }),
});
