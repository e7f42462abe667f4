import { ExplainEnrollmentDocument, type ExplainEnrollmentQuery } from '../../generated/operations/graphql.ts';
import { EXIT, EnvironmentError, type Command } from '../command.ts';
import { operate } from '../graphql.ts';
import { workflowIdOf } from '../workflow-id.ts';

type Explained = NonNullable<ExplainEnrollmentQuery['explainEnrollment']>;

export const explain: Command = {
  name: 'explain',
  summary: 'Say why a contact is in a workflow or not, and why it stands where it stands.',
  takes: 'WORKFLOW CONTACT',
  arity: [2, 2],
  options: {},
  examples: [['millrace explain "$ID" "$CONTACT"', 'exit code 1 when the contact is not in it now']],
  async run(call) {
    const [workflow, contactId] = call.args as [string, string];
    const workflowId = await workflowIdOf(call, workflow);
    const { explainEnrollment } = await operate(call, ExplainEnrollmentDocument, { workflowId, contactId });
    if (!explainEnrollment) throw new EnvironmentError(`There is no workflow "${workflow}" here, or no contact "${contactId}". A contact is named by its id.`);
    call.terminal.show(explainEnrollment, () => textOf(explainEnrollment));
    return explainEnrollment.standing === 'IN' ? EXIT.ok : EXIT.findings;
  },
};

function textOf({ text, triggers, refusals, enrollment }: Explained): string {
  const clauses = (trigger: Explained['triggers'][number]): string[] =>
    (trigger.filters?.checks ?? []).map(({ clause, verdict, actual }) => `  ${verdict ? 'holds' : 'fails'}  ${clause}  (found ${JSON.stringify(actual)})`);
  return [
    text,
    ...triggers.flatMap((trigger) => [`${trigger.type}: ${trigger.text}`, ...clauses(trigger)]),
    ...refusals.map(({ reason, createdAt }) => `turned away ${createdAt}: ${reason}`),
    ...(enrollment ? [`enrollment ${enrollment.uuid} is ${enrollment.status.toLowerCase()}: ${enrollment.path.join(' → ')}`] : []),
  ].join('\n');
}
