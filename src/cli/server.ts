import { messageOf } from '../errors.ts';
import { EnvironmentError, type Call } from './command.ts';

/** A problem document as REST answers it. */
interface Problem {
  detail?: string;
  code?: string;
  errors?: { path?: string; detail: string; line?: number | null; hint?: string | null }[];
}

export interface Asked {
  /** YAML when it is a text, else JSON. */
  body?: unknown;
  query?: Record<string, string | null>;
  headers?: Record<string, string>;
}

/** An answer of the server that refuses something: its findings are told like those about a file. */
export class Refused extends EnvironmentError {
  readonly status: number;
  /** The code of the problem document; null for an answer without one. */
  readonly code: string | null;
  constructor(status: number, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * One request to MILLRACE_URL. Throws EnvironmentError when nobody answers or no key is set, Refused for every answer of 400 and more.
 */
export async function request(call: Pick<Call, 'environment'>, method: string, path: string, { body, query = {}, headers = {} }: Asked = {}): Promise<Response> {
  const search = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null)).toString();
  const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
  const response = await send(call, `/api${path}${search && `?${search}`}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as Problem;
  throw new Refused(response.status, complaint(response.status, problem), problem.code ?? null);
}

/** The same for an answer in JSON. */
export async function ask<T>(call: Pick<Call, 'environment'>, method: string, path: string, asked: Asked = {}): Promise<T> {
  return (await request(call, method, path, asked)).json() as Promise<T>;
}

/** Sends it with the key, and answers whatever comes. Throws EnvironmentError when nobody answers or no key is set. */
export async function send(call: Pick<Call, 'environment'>, path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
  const { url, apiKey } = call.environment;
  if (apiKey === null) throw new EnvironmentError('MILLRACE_API_KEY is not set: export the key that npm start printed, or one that you created.');
  try {
    return await fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${apiKey}`, ...init.headers } });
  } catch (error) {
    throw new EnvironmentError(`Nobody answers at ${url} (${causeOf(error)}). Is the server running? Its address is MILLRACE_URL.`);
  }
}

function complaint(status: number, { detail, errors = [] }: Problem): string {
  const lines = errors.map(({ path, detail: text, line, hint }) => `  ${line ? `line ${line}, ` : ''}${path ? `${path}: ` : ''}${text}${hint ? ` ${hint}` : ''}`);
  return [`The server answers ${status}: ${detail ?? 'no reason given'}`, ...lines].join('\n');
}

/** fetch says "fetch failed", and the cause says why. */
const causeOf = (error: unknown): string => messageOf(error instanceof Error && error.cause ? error.cause : error);
