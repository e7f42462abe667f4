import type { TypedDocumentString } from '../generated/operations/graphql.ts';
import { send, Refused } from './server.ts';
import type { Call } from './command.ts';

interface Answer<Result> {
  data?: Result | null;
  errors?: { message: string }[];
}

/**
 * Runs one operation of `operations/` at MILLRACE_URL; what it answers has the type that was generated from its document.
 * Throws EnvironmentError when nobody answers or no key is set, Refused when the answer holds any error.
 */
export async function operate<Result, Variables>(call: Pick<Call, 'environment'>, document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result> {
  const response = await send(call, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors = [] } = (await response.json().catch(() => ({ errors: [{ message: 'The answer is no JSON.' }] }))) as Answer<Result>;
  if (data && errors.length === 0) return data;
  throw new Refused(response.status, [`The server answers ${response.status}:`, ...errors.map(({ message }) => `  ${message}`)].join('\n'));
}
