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
 * A logger of one process. Lines are JSON on standard output; private values are replaced, so that nobody's
 * number, address or message can be read from a log.
 * @param destination where lines go instead (tests).
 */
export function createLogger(name: string, level: LogLevel, destination?: DestinationStream): Logger {
  const options = { name, level, base: { pid: process.pid }, redact: { paths: REDACTED, censor: '[private]' } };
  return destination ? pino(options, destination) : pino(options);
}
