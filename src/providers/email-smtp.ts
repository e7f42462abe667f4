import { PassThrough } from 'node:stream';
import { createTransport } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import type { EmailMessage, EmailProvider } from '../core/ports/outside.ts';
import { messageOf, ProviderError } from '../errors.ts';

const TIMEOUT_MS = 15_000;
const CONNECTIONS = 10;

/**
 * E-mail over SMTP, through a pool of connections. The pool's own retries are off: it cannot know whether a message whose
 * connection broke was taken.
 * @param url `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte.
 * @param timeoutMs for one message from the wait for a connection to the server's last word.
 */
export function createSmtpProvider({ url, timeoutMs = TIMEOUT_MS }: { url: string; timeoutMs?: number }): EmailProvider {
  const transport = createTransport({
    pool: true,
    url,
    maxConnections: CONNECTIONS,
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  transport.use('stream', (mail, done) => {
    const { written } = mail.data as { written?: Written };
    mail.message.processFunc((input) => {
      const output = new PassThrough();
      if (written) written.stream = output;
      return input.pipe(output);
    });
    done();
  });
  return {
    name: 'smtp',
    capacity: { atOnce: CONNECTIONS, perSecond: 500 },
    async send(message) {
      refuseUnsafe(message);
      const written: Written = {};
      try {
        const info = await transport.sendMail({ ...mailOf(message), written, signal: AbortSignal.timeout(timeoutMs) } as Parameters<typeof transport.sendMail>[0]);
        return { providerId: message.messageId, result: { message_id: message.messageId, response: info.response } };
      } catch (error) {
        throw smtpError(error, written);
      }
    },
    close: async () => transport.close(),
  };
}

/** The message as it flows to the server: once it was read from, the server may have all of it. */
interface Written {
  stream?: PassThrough;
}

const mailOf = ({ messageId, to, from, replyTo, subject, html, text, headers }: EmailMessage) => ({
  messageId,
  to,
  from,
  subject,
  headers,
  ...(replyTo === null ? {} : { replyTo }),
  ...(html === null ? {} : { html }),
  ...(text === null ? {} : { text }),
});

/** A line break would end a header and begin another; a second address would be a second recipient. Throws `ProviderError`. */
function refuseUnsafe({ to, from, replyTo, subject, messageId, headers }: EmailMessage): void {
  const lines: Record<string, string | null> = { to, from, 'reply-to': replyTo, subject, 'message-id': messageId, ...headers };
  for (const [name, value] of Object.entries(lines)) {
    if (/[\r\n\0]/.test(`${name}${value ?? ''}`)) throw new ProviderError(
      `The e-mail's "${name}" holds a line break, which no header may. Remove it from the template or the contact.`, { retryable: false },
    );
  }
  if (addressparser(to, { flatten: true }).length !== 1) throw new ProviderError('The e-mail\'s "to" must be exactly one address. Correct the contact or the step.', {
    retryable: false,
  });
}

interface SmtpFailure {
  code?: string;
  responseCode?: number;
}

/** Codes of nodemailer that mean the connection ended, not that the server refused. */
const SILENCE = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EABORT', 'EPROTOCOL']);

/**
 * 4xx may pass later, 5xx never will (RFC 5321 §4.2.1). Without a reply after the message began to flow, the server may have
 * taken it (RFC 1047).
 */
function smtpError(error: unknown, written: Written): ProviderError {
  const { code = '', responseCode } = error as SmtpFailure;
  const detail = { code, ...(responseCode ? { smtp: responseCode } : {}) };
  if (responseCode) {
    return new ProviderError(`The mail server refused the message: ${messageOf(error)}`, { retryable: responseCode < 500 || responseCode === 503, detail, cause: error });
  }
  const unknown = SILENCE.has(code) && written.stream?.readableDidRead === true;
  const said = unknown ? 'The mail server gave no answer after it was sent the message' : 'The mail server could not be used';
  const hopeless = code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'EFILEACCESS' || code === 'EURLACCESS';
  return new ProviderError(`${said}: ${messageOf(error)}`, { retryable: !hopeless, unknown, detail, cause: error });
}
