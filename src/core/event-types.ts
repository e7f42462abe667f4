/** An event that the engine itself tells of a contact: what triggers, waits, exit rules and conditions may name, and what its data holds. */
export interface EventType {
  type: string;
  /** One sentence for the catalogue and the docs. */
  summary: string;
  /** Key of its data → what it is. */
  data: Record<string, string>;
}

/** What every event about a send holds beside its own: which step of which run it was. */
const aboutSend = {
  enrollment_id: 'the run that sent it',
  workflow_id: "the run's workflow",
  step_id: 'the step that sent it (also as `step`)',
  visit: 'which visit of the step',
  template_id: 'slug of the template, or null',
};

/** How a call may end, as `outcome` says it. */
export const callOutcomes = ['answered', 'voicemail', 'busy', 'no_answer', 'failed', 'canceled'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** Every event that comes from inside the house or through one of its doors. Any other name is a custom event. */
export const eventTypes: EventType[] = [
  { type: 'contact_created', summary: 'A contact was created.', data: { email: 'its e-mail', phone: 'its phone', tags: 'its tags' } },
  { type: 'contact_updated', summary: 'Fields or consent of the contact changed.', data: { fields: 'names of what changed', changes: 'name → { from, to }' } },
  { type: 'contact_deleted', summary: 'The contact was deleted.', data: {} },
  { type: 'tag_added', summary: 'A tag was put on the contact.', data: { tag: 'the tag' } },
  { type: 'tag_removed', summary: 'A tag was taken off the contact.', data: { tag: 'the tag' } },
  {
    type: 'sms_received',
    summary: 'The contact sent a text message.',
    data: {
      text: 'the message',
      from: "the contact's number",
      to: 'our number',
      message_id: "the provider's id",
      reply_text: 'the message, when it answers one of ours',
      ...aboutSend,
    },
  },
  { type: 'sms_delivered', summary: 'A text message arrived.', data: { message_id: "the provider's id", ...aboutSend } },
  { type: 'sms_failed', summary: 'A text message could not be delivered.', data: { message_id: "the provider's id", error_code: "the provider's reason", ...aboutSend } },
  {
    type: 'email_received',
    summary: 'The contact sent an e-mail.',
    data: {
      subject: 'its subject',
      text: 'its text',
      from: "the contact's address",
      to: 'our address',
      message_id: 'its Message-ID',
      reply_text: 'its text, when it answers one of ours',
      ...aboutSend,
    },
  },
  { type: 'email_delivered', summary: 'An e-mail arrived.', data: aboutSend },
  { type: 'email_bounced', summary: 'An e-mail came back.', data: { bounce: '`hard` or `soft`', reason: "the receiver's words", ...aboutSend } },
  { type: 'email_opened', summary: 'An e-mail was opened.', data: { machine: 'true when no person looked', ...aboutSend } },
  { type: 'email_clicked', summary: 'A link in an e-mail was followed.', data: { url: 'where it leads', machine: 'true when no person followed it', ...aboutSend } },
  { type: 'email_complained', summary: 'The contact called an e-mail spam.', data: aboutSend },
  { type: 'email_unsubscribed', summary: 'The contact withdrew from e-mail by a link in one.', data: aboutSend },
  {
    type: 'call_completed',
    summary: 'A call came to its end.',
    data: { outcome: callOutcomes.join(', '), answered: 'true when a person took it', duration: 'seconds', call_id: "the provider's id", ...aboutSend },
  },
  { type: 'webhook', summary: "Something was posted to a workflow's own address.", data: { '*': 'the body as it was posted' } },
];

const own = new Set(eventTypes.map(({ type }) => type));
/** Prefixes of what is told here, now or later, and words that a definition uses for something else. */
const RESERVED = /^(contact_(created|updated|deleted)|tag_(added|removed)|(email|sms|call)_[a-z]+|workflow_[a-z]+|schedule|date_field|manual|event|provider_answers|\*)$/;

/** True for a name that people may give to an event of their own: nobody outside may claim what the engine tells. */
export const isCustomEvent = (name: string): boolean => !own.has(name) && !RESERVED.test(name);
