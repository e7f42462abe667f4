import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { ProviderError } from '../errors.ts';

/** Global unicast of IPv6 is 2000::/3. ipaddr.js calls local-use NAT64 (64:ff9b:1::/48) and site-local (fec0::/10) unicast, too. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** True for an address on the open internet: not private, loopback, link-local, shared, mapped to one of them, or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_V6);
}

function refused(host: string): ProviderError {
  return new ProviderError(`The webhook's host "${host}" is not on the public internet. Use a public address, or list host:port in OUTBOUND_ALLOW if it is yours.`, {
    retryable: false,
    detail: { rule: 'URL_NOT_PUBLIC' },
  });
}

/**
 * Opens connections to public addresses only, and to what `allow` lists as `host:port`. Names are resolved once and the
 * connection goes to the address that was checked, so a name that changes its mind (DNS rebinding) gains nothing.
 * @param resolve what asks for a name's addresses.
 */
export function guardedConnector(allow: ReadonlySet<string>, timeoutMs: number, resolve: Resolve = lookup): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    const permits = (address: string): boolean => isPublicAddress(address) || allow.has(hostPort(address, port)) || allow.has(hostPort(host, port));
    // A literal never reaches `lookup`.
    if (isIP(host) && !permits(host)) return callback(refused(host), null);
    const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(permits, resolve) } as buildConnector.BuildOptions);
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      if (permits(socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      callback(refused(host), null);
    });
  };
}

const hostPort = (host: string, port: string): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Names to addresses, all of them: the system's resolver, as `node:dns` asks it. */
export type Resolve = (host: string, options: LookupAllOptions, callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void) => void;

function guardedLookup(permits: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    // Resolvers disagree on `localhost.`; without the root's dot it is the same name to all of them.
    resolve(host.replace(/\.$/, ''), { ...options, all: true }, (error, found: LookupAddress[]) => {
      const open = error ? [] : found.filter(({ address }) => permits(address));
      if (error || open.length === 0) return callback(error ?? refused(host), '', 0);
      if (options.all) return callback(null, open);
      callback(null, (open[0] as LookupAddress).address, (open[0] as LookupAddress).family);
    });
  };
}
