import { factTypes } from '../facts.ts';
import { scenarioShape } from '../scenario.ts';
import { providerAnswers } from '../simulated-providers.ts';
import { configSchema } from './json-schema.ts';
import { code, describedKeys, GENERATED } from './markdown.ts';

/** The manual's page about `tests:`. */
export function scenariosPage(): string {
  const { expect } = scenarioShape.shape;
  return `${GENERATED}
# Scenarios

\`tests:\` of a definition are scenarios: a made-up contact, a script, and what must come of it. They are played with the interpreter that runs in production, under a virtual clock; no message leaves.
\`millrace test\` plays them, and one that fails blocks publishing. \`millrace simulate\` and \`POST /api/workflows/{id}/test\` play the same scripts without expectations.

${describedKeys(configSchema(scenarioShape))}

## expect

${describedKeys(configSchema(expect))}

A message under \`sent\` is \`{ channel, step, to, contains }\`: every key that is given must fit; \`contains\` looks in the subject and the body, whatever the case.

## The script

Each event is \`{ after: 3h, type: email_opened, step: welcome }\`. \`after\` counts from the start; all other keys are the event's data. An event also does what it reports:

- \`tag_added\` and \`tag_removed\` change the tag that \`tag\` names, \`contact_updated\` the fields of \`set\` and the \`consent\`.
- \`email_unsubscribed\`, \`email_complained\` and an \`sms_received\` whose \`text\` says STOP withdraw consent; START gives it again. After \`contact_deleted\` no message leaves.
- \`sms_received\` answers the latest text message, unless \`step\` names another.
- ${factTypes.map(code).join(', ')} tell of the run's latest send of \`step\`, and stand in \`steps.<id>\` from then on.

### provider_answers

Providers accept everything at once, and a webhook answers \`200\` with an empty body, unless the script says otherwise. This one is no event that the run hears: from its moment on the provider of a step
answers so. Failed attempts are repeated as in production (\`retry\` of the step); that takes no journey time.

${describedKeys(configSchema(providerAnswers))}

Exactly one of \`fails\`, \`silent\`, \`status\` and \`result\` says what comes back. Of several that have begun, the newest counts; of those of one moment the first, until its \`times\` are used up.

\`\`\`yaml
events:
  - { after: 0, type: provider_answers, step: charge, status: 402, body: { error: card_declined } }   # a failure for good: on_error
  - { after: 0, type: provider_answers, step: remind, fails: busy, retryable: true, times: 2 }        # twice, then it goes through
  - { after: 3d, type: provider_answers, step: charge, status: 200, body: { id: ch-7 } }              # three days later the card works
\`\`\`
`;
}
