import type { Plugin } from 'graphql-yoga';

/**
 * A POST must be JSON. Other types a page of another site may send without asking first (a "simple" request: a form, plain text), so none of them is read,
 * whatever Yoga could make of it (https://fetch.spec.whatwg.org/#simple-header).
 */
export const refuseForms: Plugin = {
  onRequest({ request, fetchAPI, endResponse }) {
    if (request.method !== 'POST') return;
    const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
    if (type === 'application/json' || type === 'application/graphql-response+json') return;
    const message = `A GraphQL request is sent as application/json, not as ${type === '' ? 'a body without Content-Type' : `"${type.slice(0, 80)}"`}.`;
    const body = JSON.stringify({ errors: [{ message, extensions: { code: 'INVALID_INPUT' } }] });
    endResponse(new fetchAPI.Response(body, { status: 415, headers: { 'content-type': 'application/json', accept: 'application/json' } }));
  },
};
