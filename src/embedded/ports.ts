import { createServer } from 'node:net';

/** The first port from `wanted` upwards that nobody listens on; 0 lets the system choose. */
export async function freePort(wanted: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted; port < wanted + 200 && port < 65_536; port += 1) {
    const free = await tryPort(port, host);
    if (free !== null) return free;
  }
  throw new Error(`No free port from ${wanted} upwards on ${host}. End a program that holds one, or name another with PORT.`);
}

function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error)));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
