import type { Plugin } from 'graphql-yoga';

const GIVEN = ['application/graphql-response+json', 'application/json', 'text/event-stream'];
/** Yoga can give it as well; nobody is sent there. */
const ALSO = 'multipart/mixed';

/**
 * Yoga answers 406 without a body, and after a mutation was executed. Here whoever accepts nothing that could be given is refused before anything runs, and every
 * refusal says what `Accept` may ask for. A GET is Yoga's own: a browser asks for a page.
 */
export const explainUnacceptable: Plugin = {
  onRequest({ request, fetchAPI, endResponse }) {
    if (request.method === 'POST' && !isAcceptable(request.headers.get('accept'))) endResponse(refusal(request, fetchAPI));
  },
  onResponse({ request, response, setResponse, fetchAPI }) {
    if (response.status === 406 && response.body === null) setResponse(refusal(request, fetchAPI, response.headers));
  },
};

function isAcceptable(accept: string | null): boolean {
  const ranges = (accept || '*/*').split(',').map((range) => range.split(';')[0]!.trim().toLowerCase());
  return [...GIVEN, ALSO].some((type) => ranges.some((range) => range === '*/*' || range === type || range === type.replace(/\/.*/, '/*')));
}

function refusal(request: Request, { Response: Answer }: { Response: typeof Response }, before: Headers = new Headers()): Response {
  const asked = (request.headers.get('accept') ?? '').slice(0, 200);
  const message = `Nothing that "Accept: ${asked}" asks for can be given here: a query or mutation is answered as ${GIVEN[0]} or ${GIVEN[1]}, a subscription as ${GIVEN[2]}.`;
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'INVALID_INPUT' } }] });
  return new Answer(body, { status: 406, headers: { ...Object.fromEntries(before), 'content-type': 'application/json', accept: GIVEN.join(', ') } });
}
