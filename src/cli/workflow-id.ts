import { FindWorkflowDocument } from '../generated/operations/graphql.ts';
import { EnvironmentError, type Call } from './command.ts';
import { operate } from './graphql.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a workflow that a person named by its id or by its slug. Throws EnvironmentError when no workflow has that slug. */
export async function workflowIdOf(call: Pick<Call, 'environment'>, named: string): Promise<string> {
  if (UUID.test(named)) return named;
  const { workflow } = await operate(call, FindWorkflowDocument, { slug: named });
  if (!workflow) throw new EnvironmentError(`There is no workflow "${named}" here. Name it by its id or its slug: millrace list shows both.`);
  return workflow.uuid;
}
