import type { Finding } from '../definition.ts';
import type { LintRule } from './rule.ts';
import { textsOf } from './texts.ts';
import type { Text } from './texts.ts';

const KEYS = new Set(['url', 'audio_url', 'media_url']);
const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };
/** Names and literal addresses that never belong to the public internet (RFC 1918, 3927, 4193, 4291, 6052, 6598, 6761, 6762). */
const PRIVATE = [
  /(^|\.)(localhost|local|internal|home\.arpa)\.?$/,
  /^(0|10|127)\./, /^169\.254\./, /^172\.(1[6-9]|2\d|3[01])\./, /^192\.168\./, /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[(::1?|::ffff:.*|64:ff9b:.*|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/,
];

export const unsafeUrl: LintRule = {
  id: 'private_url',
  severity: 'error',
  docs: 'A literal URL that is no web address (`url_scheme`) or leads into a private network (`private_url`). What a template makes of a URL is checked when it is called.',
  example: `- { id: call, type: webhook, config: { url: "http://127.0.0.1/hook" } }`,
  check: ({ definition, outbound }) => textsOf(definition).filter(({ key, step }) => step !== null && KEYS.has(key)).flatMap((text) => judge(text, outbound)),
};

function judge({ text, path }: Text, outbound: string[] | null): Finding[] {
  const [, scheme] = /^\s*([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return [{ rule: 'url_scheme', path, message: `"${scheme}:" URLs are not called.`, hint: 'Use https://… or http://….' }];
  // A template in the path or query does not hide the host; one in the host does. URL parsers take any number of slashes of either kind for two.
  const origin = /^\s*https?:[/\\]*[^/\\?#]*/i.exec(text)?.[0];
  if (origin === undefined && !text.includes('{{')) return [{ rule: 'url_scheme', path, message: `"${text.slice(0, 60)}" is no URL.`, hint: 'Begin with https://.' }];
  if (origin === undefined || origin.includes('{{')) return [];
  const url = parseUrl(origin.trim());
  if (url === null) return [{ rule: 'url_scheme', path, message: `"${text.slice(0, 60)}" is no URL.`, hint: 'Write https://host/path.' }];
  if (!PRIVATE.some((pattern) => pattern.test(url.hostname.toLowerCase()))) return [];
  const pair = `${url.hostname}:${url.port || PORTS[url.protocol]}`;
  if (outbound?.includes(pair)) return [];
  return [{
    path,
    severity: outbound === null ? 'warning' : 'error',
    message: `"${pair}" is in a private network, which webhooks may not reach.`,
    hint: 'Use a public address, or have the operator add it to OUTBOUND_ALLOW.',
  }];
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
