import * as answers from './answers.ts';
import * as assets from './asset-handlers.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

/** The location, its templates and its voicemails. */
export const houseRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/location', operation: 'location', scope: 'read',
    summary: "Read the key's location.",
    gives: answers.location, responses: { 200: 'The location.' }, handle: assets.location,
  }),
  route({
    method: 'PATCH', path: '/api/location', operation: 'updateLocation', scope: 'admin',
    summary: 'Change name, time zone, calendar or defaults.',
    body: schemas.locationBody, gives: answers.location, responses: { 200: 'The location.' }, handle: assets.changeLocation,
  }),
  route({
    method: 'POST', path: '/api/templates', operation: 'createTemplate', scope: 'write',
    summary: 'Create a template for e-mail or SMS.',
    body: schemas.templateBody, gives: answers.template, responses: { 201: 'The template.', 409: 'The slug is taken.' }, handle: assets.addTemplate,
  }),
  route({
    method: 'GET', path: '/api/templates', operation: 'templates', scope: 'read',
    summary: 'List templates, newest first.',
    query: schemas.templatesQuery, gives: answers.templates, responses: { 200: 'A page of templates.' }, handle: assets.templates,
  }),
  route({
    method: 'POST', path: '/api/voicemails', operation: 'createVoicemail', scope: 'write',
    summary: 'Create a voicemail from a recording.',
    body: schemas.voicemailBody, gives: answers.voicemail, responses: { 201: 'The voicemail.', 409: 'The slug is taken.' }, handle: assets.addVoicemail,
  }),
  route({
    method: 'GET', path: '/api/voicemails', operation: 'voicemails', scope: 'read',
    summary: 'List voicemails, newest first.',
    query: schemas.pageQuery, gives: answers.voicemails, responses: { 200: 'A page of voicemails.' }, handle: assets.voicemails,
  }),
];
