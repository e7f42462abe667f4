import { EXIT, UsageError, type Command } from '../command.ts';
import { request } from '../server.ts';
import { workflowIdOf } from '../workflow-id.ts';

const FORMATS = ['yaml', 'json', 'canvas'];

export const exportOne: Command = {
  name: 'export',
  summary: "Print a workflow's source as it was written, or in another form.",
  takes: 'WORKFLOW',
  arity: [1, 1],
  options: {
    format: { takes: FORMATS.join('|'), summary: 'yaml unless said' },
    version: { takes: 'N', summary: 'a version; the newest unless said' },
    explicit: { summary: 'write out every next that follows from the order of the list' },
  },
  examples: [['millrace export welcome > journey.yaml', 'by its slug or its id; with its comments'], ['millrace export "$ID" --format canvas', 'as React Flow stores it']],
  async run(call) {
    const format = call.value('format') ?? (call.terminal.json ? 'json' : 'yaml');
    if (!FORMATS.includes(format)) throw new UsageError(`--format wants one of ${FORMATS.join(', ')}, not "${format}".`);
    const answer = await request(call, 'GET', `/workflows/${await workflowIdOf(call, call.args[0]!)}/export`, {
      query: { format, version: call.value('version'), explicit: call.on('explicit') ? 'true' : null },
    });
    call.terminal.data(await answer.text());
    return EXIT.ok;
  },
};
