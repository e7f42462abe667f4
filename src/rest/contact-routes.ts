import * as answers from './answers.ts';
import * as contacts from './contact-handlers.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

/** Contacts, their consent, and events of them. */
export const contactRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/contacts', operation: 'upsertContact', scope: 'write',
    summary: 'Create a contact; with upsert=true find it by e-mail first.',
    body: schemas.contactBody, query: schemas.newContactQuery, gives: answers.contact,
    responses: { 200: 'The contact, updated.', 201: 'The new contact.', 409: 'The e-mail is taken; existing is its link.' }, handle: contacts.create,
  }),
  route({
    method: 'GET', path: '/api/contacts', operation: 'contacts', scope: 'read',
    summary: 'List contacts, newest first.',
    query: schemas.contactsQuery, gives: answers.contacts, responses: { 200: 'A page of contacts.' }, handle: contacts.list,
  }),
  route({
    method: 'GET', path: '/api/contacts/{id}', operation: 'contact', scope: 'read',
    summary: 'Read a contact.',
    gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.read,
  }),
  route({
    method: 'PATCH', path: '/api/contacts/{id}', operation: 'updateContact', scope: 'write',
    summary: 'Change what is named; tags replaces the list.',
    body: schemas.contactBody, gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.update,
  }),
  route({
    method: 'DELETE', path: '/api/contacts/{id}', operation: 'deleteContact', scope: 'write',
    summary: 'Delete a contact.',
    gives: null, responses: { 204: 'Deleted.' }, handle: contacts.remove,
  }),
  route({
    method: 'POST', path: '/api/contacts/{id}/consent', operation: 'setConsent', scope: 'write',
    summary: 'Give or withdraw consent for a channel.',
    body: schemas.consentBody, gives: answers.contact, responses: { 200: 'The contact.' }, handle: contacts.consent,
  }),
  route({
    method: 'POST', path: '/api/events', operation: 'emitEvent', scope: 'write',
    summary: 'Tell a custom event of a contact; the same event_id twice is one event.',
    body: schemas.eventBody, gives: answers.event, responses: { 200: 'The event that was told before.', 201: 'The event.' }, handle: contacts.emit,
  }),
];
