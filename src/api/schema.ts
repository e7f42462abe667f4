import './scalars.ts';
import './errors.ts';
import './workflow.ts';
import './workflow-version.ts';
import './enrollment.ts';
import './step-log.ts';
import './contact.ts';
import './event.ts';
import './send.ts';
import './template.ts';
import './voicemail.ts';
import './location.ts';
import './api-key.ts';
import './catalogue.ts';
import './validation.ts';
import './exploration.ts';
import './system.ts';
import './workflow-mutations.ts';
import './contact-mutations.ts';
import './enrollment-mutations.ts';
import './asset-mutations.ts';
import './event-mutations.ts';
import './location-mutations.ts';
import './api-key-mutations.ts';
import './subscriptions.ts';
import { builder } from './builder.ts';

/** The whole schema: importing a noun's file adds it to the builder. */
export const schema = builder.toSchema();
