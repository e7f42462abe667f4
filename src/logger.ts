import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { LogLevel } from './environment.ts';

export type Logger = PinoLogger;

/** Keys whose values never reach a log, at the top of a line or one or two levels down. */
const PRIVATE = [
  'authorization', 'cookie', 'token', 'apiKey', 'api_key', 'password', 'secret', 'authToken', 'secretsKey', 'bootstrapApiKey', 'smtpUrl', 'databaseUrl', 'redisUrl',
  'phone', 'email', 'to', 'from', 'body', 'message_body', 'html', 'text', 'subject', 'audioUrl',
];
const REDACTED = PRIVATE.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * Standard output through Node's own stream. pino's default writer would wait for ever, at exit, on a pipe whose reader was killed:
 * it takes EPIPE for "try again" (sonic-boom's flushSync). Here lines that nobody can read are dropped.
 */
const standardOutput: DestinationStream = { write: (line) => void process.stdout.write(line) };
process.stdout.on('error', () => undefined);

/**
 * A logger of one process. Lines are JSON on standard output; private values are replaced, so that nobody's
 * number, address or message can be read from a log.
 * @param destination where lines go instead (tests).
 */
export function createLogger(name: string, level: LogLevel, destination: DestinationStream = standardOutput): Logger {
  return pino({ name, level, base: { pid: process.pid }, redact: { paths: REDACTED, censor: '[private]' } }, destination);
}
