import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a real server, so that a test can cut a line without hurting anybody else. */
export interface Proxy {
  /** The target's address with the proxy's port. */
  url: string;
  /** Cuts every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Lines go dead without a word: those that stand, for ever, and those that are opened until `thaw`. Nobody is told. */
  freeze(): void;
  thaw(): void;
  /** Lets the next `count` requests that match reach the server, and cuts their lines instead of bringing the answers. */
  dropAnswers(to: RegExp, count: number): void;
  /** How many answers were dropped so far. */
  dropped(): number;
  close(): Promise<void>;
}

export async function proxyOf(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const state = { up: true, frozen: false, winter: 0, to: /$^/, wanted: 0, dropped: 0 };
  const server = createServer((inner) => {
    if (!state.up) return void inner.destroy();
    const outer = connect(Number(port), hostname);
    let doomed = false;
    const { winter, frozen } = state;
    const dead = (): boolean => frozen || state.winter > winter;
    join(sockets, inner, outer, (chunk) => {
      if (dead()) return 'swallow';
      if (state.wanted > 0 && !doomed && state.to.test(chunk.toString('latin1'))) {
        doomed = true;
        state.wanted -= 1;
      }
      return 'carry';
    });
    join(sockets, outer, inner, () => {
      if (dead()) return 'swallow';
      if (doomed) state.dropped += 1;
      return doomed ? 'cut' : 'carry';
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
    freeze: () => void Object.assign(state, { frozen: true, winter: state.winter + 1 }),
    thaw: () => void (state.frozen = false),
    dropAnswers: (to, count) => void Object.assign(state, { to, wanted: count }),
    dropped: () => state.dropped,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Carries what `from` says to `to`, keeps it to itself, or cuts both, as `decide` says of each piece. */
function join(sockets: Set<Socket>, from: Socket, to: Socket, decide: (chunk: Buffer) => 'carry' | 'swallow' | 'cut'): void {
  sockets.add(from);
  from.setNoDelay(true);
  from.on('error', () => undefined).on('close', () => {
    sockets.delete(from);
    to.destroy();
  });
  from.on('data', (chunk) => {
    const verdict = decide(chunk);
    if (verdict === 'cut') return void from.destroy();
    if (verdict === 'swallow' || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}
