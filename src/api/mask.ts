import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';
import { MillraceError } from '../errors.ts';
import type { Logger } from '../logger.ts';

/** HTTP statuses of errors that concern the whole request; all others travel in an answer of 200. */
const STATUS: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, RATE_LIMITED: 429, UNAVAILABLE: 503 };

/** A named error as clients see it: its message and its code. */
export function publicError(error: MillraceError): GraphQLError {
  const status = STATUS[error.code];
  const { reason, cursor, retryAfterSeconds } = error.detail;
  return new GraphQLError(error.message, {
    extensions: {
      code: error.code,
      ...(reason !== undefined && { reason, cursor }),
      ...(status && {
        http: { status, headers: status === 401 ? { 'www-authenticate': 'Bearer realm="millrace"' } : { 'retry-after': String(Math.ceil(Number(retryAfterSeconds ?? 1))) } },
      }),
    },
  });
}

/** The named error somewhere under what GraphQL wrapped around it. */
function namedIn(error: unknown): MillraceError | null {
  if (error instanceof MillraceError) return error;
  return error instanceof GraphQLError && error.originalError ? namedIn(error.originalError) : null;
}

/** PostgreSQL's word for text with U+0000 in it (SQLSTATE 22021): a search for such text is the caller's mistake, not ours. */
function unsearchable(error: unknown): MillraceError | null {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  if (!(cause instanceof Error) || !cause.message.includes('Code: `22021`')) return null;
  return new MillraceError('INVALID_INPUT', 'An argument holds the character U+0000, which no text here can have. Leave it out.');
}

/** What has no code yet is about what was asked: Pothos refuses arguments without one, GraphQL a variable that is missing. */
const coded = (error: GraphQLError): GraphQLError => (
  error.extensions['code'] === undefined
    ? new GraphQLError(error.message, { nodes: error.nodes, path: error.path, extensions: { ...error.extensions, code: 'INVALID_INPUT' } })
    : error
);

/**
 * What leaves the house of an error: named ones and GraphQL's own as they are; of a bug only an `errorId`, under which the log has all of it.
 */
export function createMask(logger: Logger): (error: unknown) => GraphQLError {
  return (error) => {
    const named = namedIn(error) ?? unsearchable(error);
    const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
    if (named) {
      const shown = publicError(named);
      return new GraphQLError(shown.message, { ...place, extensions: shown.extensions });
    }
    if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError)) return coded(error);
    const errorId = randomUUID();
    logger.error({ errorId, err: error instanceof GraphQLError ? error.originalError : error, path: place.path }, 'A GraphQL field failed unexpectedly');
    return new GraphQLError(`Something went wrong on our side. Quote the error id ${errorId} when you report it.`, { ...place, extensions: { code: 'INTERNAL', errorId } });
  };
}
