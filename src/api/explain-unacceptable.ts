import type { Plugin } from 'graphql-yoga';

const GIVEN = ['application/graphql-response+json', 'application/json', 'text/event-stream'];

/** Yoga answers 406 without a body; this one says what `Accept` may ask for. */
export const explainUnacceptable: Plugin = {
  onResponse({ request, response, setResponse, fetchAPI }) {
    if (response.status !== 406 || response.body !== null) return;
    const asked = (request.headers.get('accept') ?? '').slice(0, 200);
    const message = `Nothing that "Accept: ${asked}" asks for can be given here: a query or mutation is answered as ${GIVEN[0]} or ${GIVEN[1]}, a subscription as ${GIVEN[2]}.`;
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'INVALID_INPUT' } }] });
    setResponse(new fetchAPI.Response(body, { status: 406, headers: { ...Object.fromEntries(response.headers), 'content-type': 'application/json', accept: GIVEN.join(', ') } }));
  },
};
