import { GraphQLError } from 'graphql';
import { NotFoundError } from '../errors.ts';
import { isUuid } from '../ids.ts';

/** Types that an id may name. */
export type NodeName = 'Workflow' | 'WorkflowVersion' | 'Enrollment' | 'Contact' | 'Template' | 'Voicemail' | 'ApiKey' | 'Send';

/**
 * The uuid behind an id argument: an opaque node id or a plain uuid, as clients come by either.
 * @throws NotFoundError when it is neither, or a node id of another type: to its caller that is the same as a missing thing.
 */
export function uuidOf(type: NodeName, id: string): string {
  if (isUuid(id)) return id.toLowerCase();
  const [name, uuid = ''] = Buffer.from(id, 'base64').toString('utf8').split(':');
  if (name !== type || !isUuid(uuid)) throw new NotFoundError(type.toLowerCase(), id);
  return uuid.toLowerCase();
}

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
export const nodeId = (type: NodeName, uuid: string): string => Buffer.from(`${type}:${uuid}`).toString('base64');

/** An argument that cannot be served, for reads: mutations have `InvalidInput` in their results. */
export const invalidArgument = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
