import { EXIT, UsageError, type Command } from '../command.ts';
import { ask, Refused } from '../server.ts';
import { workflowIdOf } from '../workflow-id.ts';

export const enroll: Command = {
  name: 'enroll',
  summary: 'Let a contact into a workflow; prints the id of the enrollment.',
  takes: 'WORKFLOW',
  arity: [1, 1],
  options: {
    contact: { takes: 'ID', summary: 'a contact that is there' },
    new: { takes: 'JSON', summary: 'or a new one: {"first_name": "Ana", "email": "ana@example.com"}' },
    data: { takes: 'JSON', summary: 'seeds enrollment.<name>' },
  },
  examples: [
    ['millrace enroll "$ID" --contact "$CONTACT"', 'exit code 1 when they are in already'],
    ['millrace enroll welcome --new \'{"email": "ana@example.com"}\'', 'make the contact too'],
  ],
  async run(call) {
    const [contact, fresh, data] = [call.value('contact'), call.value('new'), call.value('data')];
    if ((contact === null) === (fresh === null)) throw new UsageError('enroll wants one of --contact and --new.');
    const body = { ...(contact === null ? { contact: jsonOf('new', fresh!) } : { contact_id: contact }), ...(data !== null && { initial_data: jsonOf('data', data) }) };
    const workflow = await workflowIdOf(call, call.args[0]!);
    try {
      const answer = await ask<{ id: string; status: string }>(call, 'POST', `/workflows/${workflow}/enroll`, { body });
      call.terminal.show(answer, () => answer.id);
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      call.terminal.talk(error.message);
      return EXIT.findings;
    }
  },
};

function jsonOf(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--${option} wants JSON in single quotes, such as '{"first_name": "Ana"}', and "${text.slice(0, 60)}" is none.`);
  }
}
