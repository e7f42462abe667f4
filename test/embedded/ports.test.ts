import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';

describe('freePort', () => {
  it('takes the next one when somebody listens', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    expect(await freePort(port)).toBeGreaterThan(port);
    taken.close();
  });
  it('lets the system choose', async () => {
    expect(await freePort(0)).toBeGreaterThan(1_023);
  });
});
