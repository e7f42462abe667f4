import { existsSync, readFileSync, statSync } from 'node:fs';
import { freePort } from './ports.ts';
import { type CaredFor, type ServerCommand, startServerProcess, untilUp } from './server-process.ts';

export interface PortedServer {
  server: CaredFor;
  port: number;
  /** False when it died or took too long; its log says why. */
  up: boolean;
}

/** So many others do not start at the very same moment. */
const MOST_TRIES = 10;

/**
 * Starts a server on the first port from `first` upwards that it can have. Between our look and its own, somebody may take the port that was free: a server
 * that says so in its log is started again on the next one.
 * @param probe asks whether the one that we started answers there
 */
export async function startOnPort(
  first: number, commandFor: (port: number) => ServerCommand, probe: (port: number) => Promise<unknown>, timeoutMs: number,
): Promise<PortedServer> {
  let port = await freePort(first);
  for (let tries = 1; ; tries += 1) {
    const command = commandFor(port);
    const logged = sizeOf(command.log);
    const server = startServerProcess(command);
    const up = await untilUp(server, () => probe(port), timeoutMs);
    if (up || tries === MOST_TRIES || !readFileSync(command.log).subarray(logged).includes('Address already in use')) return { server, port, up };
    await server.stop();
    port = await freePort(port + 1);
  }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);
