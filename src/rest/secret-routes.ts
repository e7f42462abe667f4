import * as answers from './answers.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';
import * as secrets from './secret-handlers.ts';

export const secretRoutes: Route[] = [
  route({
    method: 'PUT', path: '/api/secrets/{name}', operation: 'putSecret', scope: 'admin',
    summary: 'Keep a secret for webhooks; nobody can read it again.',
    body: schemas.secretBody, gives: answers.secret, responses: { 200: 'Its name and moments, not its value.' }, handle: secrets.put,
  }),
  route({
    method: 'GET', path: '/api/secrets', operation: 'secrets', scope: 'read',
    summary: "Names of the location's secrets.",
    gives: answers.secrets, responses: { 200: 'The names.' }, handle: secrets.list,
  }),
  route({
    method: 'DELETE', path: '/api/secrets/{name}', operation: 'deleteSecret', scope: 'admin',
    summary: 'Forget a secret.',
    gives: null, responses: { 204: 'Forgotten.' }, handle: secrets.remove,
  }),
];
