import { type Stage } from './stage.ts';

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** One request to the API of the stage, with the first location's key. Throws only when the process does not listen. */
export async function askApi(stage: Stage, method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<ApiAnswer> {
  const response = await fetch(`${stage.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${stage.tenants[0].key}`, ...(body && { 'content-type': 'application/json' }), ...more },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

/** What `/readyz` says: the names of the checks that fail. */
export async function failingChecks(stage: Stage): Promise<string[]> {
  const { body } = await askApi(stage, 'GET', '/readyz');
  return Object.entries(body['checks'] as Record<string, { ok: boolean }>).flatMap(([name, { ok }]) => (ok ? [] : [name]));
}
