import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail that the double took. */
export interface Mail {
  at: number;
  messageId: string;
  to: string;
  from: string;
  subject: string;
  html: string;
  text: string;
}

export interface SmtpDouble {
  url: string;
  ledger: Mail[];
  /** Refuses a recipient: `{ code: 554, text: 'no' }`. */
  onRecipient: (address: string) => { code: number; text: string } | undefined;
  /** After the message: a refusal, or `drop` to take it and cut the connection. */
  onMail: (mail: Mail) => { code: number; text: string } | 'drop' | undefined;
  close(): Promise<void>;
}

/** An SMTP server that keeps a ledger of what it took. */
export async function startSmtpDouble(): Promise<SmtpDouble> {
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, callback) => callback(refusal(double.onRecipient(address))),
    onData: (stream, session, callback) => {
      simpleParser(stream).then((parsed) => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(',');
        const mail: Mail = {
          at: Date.now(),
          messageId: parsed.messageId ?? '',
          to,
          from: parsed.from?.text ?? '',
          subject: parsed.subject ?? '',
          html: parsed.html || '',
          text: parsed.text ?? '',
        };
        const verdict = double.onMail(mail);
        if (verdict === undefined || verdict === 'drop') double.ledger.push(mail);
        if (verdict === 'drop') return cut(server, session.id);
        callback(refusal(verdict));
      }, callback);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.on('error', () => {});
  const double: SmtpDouble = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    ledger: [],
    onRecipient: () => undefined,
    onMail: () => undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return double;
}

const refusal = (verdict: { code: number; text: string } | undefined): Error | null => (verdict ? Object.assign(new Error(verdict.text), { responseCode: verdict.code }) : null);

function cut(server: SMTPServer, sessionId: string): void {
  for (const connection of server.connections as Set<{ id: string; _socket: { destroy(): void } }>) if (connection.id === sessionId) connection._socket.destroy();
}
