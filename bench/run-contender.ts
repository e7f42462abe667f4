import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, escapeIdentifier } from 'pg';
import type { ContenderName } from './contenders.ts';
import type { Measured } from './work.ts';

export interface Servers {
  databaseUrl: string;
  /** A role that may make databases. */
  adminUrl: string;
  redisUrl: string;
}

const LONGEST_MS = 600_000;

/** Runs one contender in a fresh process on a fresh database. Throws when its counts were wrong or it took ten minutes. */
export async function runContender(name: ContenderName, size: number, servers: Servers): Promise<Measured> {
  const database = `bench_${randomBytes(6).toString('hex')}`;
  const own = new URL(servers.databaseUrl);
  const owner = decodeURIComponent(own.username);
  own.pathname = `/${database}`;
  await onServer(servers.adminUrl, `CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(owner)}`);
  try {
    return await inChild(name, { databaseUrl: own.href, redisUrl: servers.redisUrl, size });
  } finally {
    await onServer(servers.adminUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`);
  }
}

function inChild(name: ContenderName, ground: object): Promise<Measured> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'contender.ts');
  const child = spawn(process.execPath, [...process.execArgv, script, name, JSON.stringify(ground)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  return new Promise<Measured>((resolve, reject) => {
    let measured: Measured | null = null;
    child.on('message', (message) => (measured = message as Measured));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (measured) resolve(measured);
      else reject(new Error(`The contender "${name}" ended with code ${code} and measured nothing; what it said stands above.`));
    });
  });
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
