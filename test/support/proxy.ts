import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a real server, so that a test can cut a line without hurting anybody else. */
export interface Proxy {
  /** The target's address with the proxy's port. */
  url: string;
  /** Cuts every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Lets the next `count` requests that match reach the server, and cuts their lines instead of bringing the answers. */
  dropAnswers(to: RegExp, count: number): void;
  /** How many answers were dropped so far. */
  dropped(): number;
  close(): Promise<void>;
}

export async function proxyOf(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const state = { up: true, to: /$^/, wanted: 0, dropped: 0 };
  const server = createServer((inner) => {
    if (!state.up) return void inner.destroy();
    const outer = connect(Number(port), hostname);
    let doomed = false;
    join(sockets, inner, outer, (chunk) => {
      if (state.wanted > 0 && !doomed && state.to.test(chunk.toString('latin1'))) {
        doomed = true;
        state.wanted -= 1;
      }
      return true;
    });
    join(sockets, outer, inner, () => {
      if (doomed) state.dropped += 1;
      return !doomed;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    state.up = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend: () => void (state.up = true),
    dropAnswers: (to, count) => void Object.assign(state, { to, wanted: count }),
    dropped: () => state.dropped,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Carries what `from` says to `to` while `pass` agrees, and cuts both when it does not. */
function join(sockets: Set<Socket>, from: Socket, to: Socket, pass: (chunk: Buffer) => boolean): void {
  sockets.add(from);
  from.setNoDelay(true);
  from.on('error', () => undefined).on('close', () => {
    sockets.delete(from);
    to.destroy();
  });
  from.on('data', (chunk) => {
    if (!pass(chunk)) return void from.destroy();
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}
