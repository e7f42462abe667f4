/** Names and addresses that nobody outside can reach: this machine, and the private ranges of RFC 1918 and RFC 3927. */
const PRIVATE_HOST = /^(?:localhost|.*\.(?:localhost|local|internal|test)|127\..*|10\..*|192\.168\..*|169\.254\..*|172\.(?:1[6-9]|2\d|3[01])\..*|0\.0\.0\.0|\[.*\])$/i;

/** True when the world can call this address back. A provider refuses a message whose callback it cannot reach. */
export function isPublicUrl(url: string): boolean {
  const host = /^https?:\/\/([^/:?#]+|\[[^\]]*\])(?::\d+)?(?:[/?#]|$)/i.exec(url)?.[1] ?? '';
  return host.includes('.') && !PRIVATE_HOST.test(host);
}
