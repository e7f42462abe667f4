import { ListWorkflowsDocument, type ListWorkflowsQuery } from '../../generated/operations/graphql.ts';
import { EXIT, type Call, type Command } from '../command.ts';
import { operate } from '../graphql.ts';
import { columns } from '../terminal.ts';

type Listed = ListWorkflowsQuery['workflows']['nodes'][number];

export const list: Command = {
  name: 'list',
  summary: 'Show the workflows of the location, newest first, with their people.',
  takes: '',
  arity: [0, 0],
  options: { search: { takes: 'TEXT', summary: 'only those with this in their name or slug' } },
  examples: [['millrace list --search welcome', 'those that are not archived']],
  async run(call) {
    const workflows = await allOf(call);
    call.terminal.show(workflows, () => (workflows.length === 0 ? 'There are none.' : columns([['ID', 'SLUG', 'STATUS', 'INSIDE', 'ENROLLED'], ...workflows.map(rowOf)])));
    return EXIT.ok;
  },
};

async function allOf(call: Call): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let after: string | null = null; ;) {
    const { workflows }: ListWorkflowsQuery = await operate(call, ListWorkflowsDocument, { first: 100, after, search: call.value('search') });
    found.push(...workflows.nodes);
    if (!workflows.pageInfo.hasNextPage) return found;
    after = workflows.pageInfo.endCursor;
  }
}

const rowOf = ({ uuid, slug, status, stats }: Listed): string[] => [uuid, slug, status.toLowerCase(), String(stats.active), String(stats.enrolled)];
