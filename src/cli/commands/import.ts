import { EXIT, type Call, type Command } from '../command.ts';
import { readText } from '../files.ts';
import { ask } from '../server.ts';
import { workflowIdOf } from '../workflow-id.ts';

interface Imported {
  id?: string;
  slug?: string;
  version?: number | null;
  status?: string;
  /** Of a dry run: whether it could be published. */
  valid?: boolean;
  diagnostics?: { severity: string; detail: string }[];
}

export const importOne: Command = {
  name: 'import',
  summary: 'Send a definition (YAML, JSON or a canvas) to the server.',
  takes: 'FILE',
  arity: [1, 1],
  options: {
    workflow: { takes: 'WORKFLOW', summary: 'update this one, by its id or slug; a new one is made unless said' },
    force: { summary: 'update even when the file was exported before the latest publishing' },
    publish: { summary: 'publish it at once' },
    'dry-run': { summary: 'only say what would be found; nothing is stored' },
  },
  examples: [['millrace import journey.yaml --publish', 'prints the id of the new workflow'], ['millrace import journey.yaml --workflow "$ID"', 'a new draft of an old one']],
  async run(call) {
    const text = await readText(call.args[0]!, call);
    const body: unknown = text.trimStart().startsWith('{') ? parsed(text) : text;
    const flag = (name: string): string | null => (call.on(name) ? 'true' : null);
    const named = call.value('workflow');
    const workflow = named === null ? null : await workflowIdOf(call, named);
    const answer = await ask<Imported>(call, 'POST', '/workflows/import', { body, query: { workflow, force: flag('force'), dryRun: flag('dry-run') } });
    const published = call.on('publish') && answer.id ? await publish(call, answer) : answer;
    call.terminal.show(published, () => published.id ?? 'Nothing was stored.');
    for (const { severity, detail } of answer.diagnostics ?? []) call.terminal.talk(`${severity}: ${detail}`);
    if (published.id) call.terminal.talk(`${published.slug} is ${published.status}`);
    return answer.valid === false ? EXIT.findings : EXIT.ok;
  },
};

async function publish(call: Call, { id, slug }: Imported): Promise<Imported> {
  try {
    return await ask<Imported>(call, 'POST', `/workflows/${id}/publish`, { body: {} });
  } catch (error) {
    call.terminal.talk(`It is kept as the draft "${slug}" (${id}). Once this is put right, import it with --workflow ${slug} --publish.`);
    throw error;
  }
}

/** What only looks like JSON goes as it is: the server says what is wrong with it, and where. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
