import { GraphQLError } from 'graphql';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';

/** Types that an id may name. */
const nodeNames = ['Workflow', 'WorkflowVersion', 'Enrollment', 'StepLog', 'Contact', 'Template', 'Voicemail', 'ApiKey', 'Send', 'Event', 'Location', 'TestRun'] as const;
export type NodeName = (typeof nodeNames)[number];

/**
 * The uuid behind an id argument: an opaque node id or a plain uuid, as clients come by either.
 * @throws NotFoundError when it is neither, or a node id of another type: to its caller that is the same as a missing thing.
 */
export function uuidOf(type: NodeName, id: string): string {
  if (isUuid(id)) return id.toLowerCase();
  const node = readNodeId(id);
  if (node?.typename !== type || !isUuid(node.id)) throw new NotFoundError(spoken(type), id);
  return node.id.toLowerCase();
}

/** `TestRun` → `test run`, as the services say it. */
const spoken = (type: NodeName): string => type.replace(/\B[A-Z]/g, ' $&').toLowerCase();

/** The type and the rest of a node id; null for a text that is none. */
export function readNodeId(text: string): { typename: NodeName; id: string } | null {
  const plain = Buffer.from(text, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  const typename = nodeNames.find((name) => name === plain.slice(0, colon));
  const id = plain.slice(colon + 1);
  return typename && (typename === 'StepLog' ? LOG_KEY.test(id) : isUuid(id)) ? { typename, id } : null;
}

/** A step log's key is the enrollment's uuid and the row's number, as the Prisma plugin writes a key of two columns. */
const LOG_KEY = /^\["[0-9a-f-]{36}",\d{1,9}\]$/i;

/** The same for reads that answer null when there is nothing. */
export function uuidOrNull(type: NodeName, id: string): string | null {
  try {
    return uuidOf(type, id);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** The opaque node id of a row. */
export const nodeId = (type: string, uuid: string | number | bigint): string => Buffer.from(`${type}:${uuid}`).toString('base64');

/** An argument that cannot be served, for reads: mutations have `InvalidInput` in their results. */
export const invalidArgument = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
