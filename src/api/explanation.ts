import type { Check as CheckRow, Explanation as ExplanationRow } from '../core/state.ts';
import { builder } from './builder.ts';

const Check = builder.objectRef<CheckRow>('Check').implement({
  description: 'One clause of a decision with the value that it saw, or a group of them.',
  fields: (t) => ({
    clause: t.exposeString('clause', { description: 'The clause as written.' }),
    depth: t.int({ resolve: ({ depth }) => depth ?? 0, description: 'How many groups it stands in: members follow their group.' }),
    path: t.exposeString('path', { nullable: true, description: 'What it looked at.' }),
    operator: t.exposeString('operator', { description: 'How it compared; `event` and `expression` for the other leaves, `all`, `any` and `not` for groups.' }),
    expected: t.expose('expected', { type: 'JSON', nullable: true, description: 'What it compared with.' }),
    actual: t.expose('actual', { type: 'JSON', nullable: true, description: 'The value at that moment; null when there was none.' }),
    verdict: t.exposeBoolean('verdict', { description: 'Did the clause hold?' }),
  }),
});

export const Explanation = builder.objectRef<ExplanationRow>('Explanation').implement({
  description: 'Why a decision fell as it did.',
  fields: (t) => ({
    verdict: t.exposeBoolean('verdict', { description: 'Did the whole hold?' }),
    text: t.exposeString('text', { description: 'One sentence for people.' }),
    checks: t.expose('checks', { type: [Check], description: 'Clause by clause; a group before its members.' }),
  }),
});
