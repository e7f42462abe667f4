/** Builds the addresses that an e-mail's links and its pixel are replaced by. */
export interface TrackingUrls {
  open(): string;
  click(url: string): string;
}

/** Comments are left alone (Outlook's conditional ones hold links, too), and so is what is no link: style, script. */
const LINK_OR_OPAQUE = /<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>|<a\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const HREF = /(\shref\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/i;

/**
 * Rewrites the web links of an HTML e-mail to go through `urls.click` and appends the open pixel. Only `<a href="http…">` is
 * touched: `mailto:`, `tel:`, `#top` and links marked `data-no-track` stay as they are.
 */
export function trackLinks(html: string, urls: TrackingUrls): string {
  const linked = html.replace(LINK_OR_OPAQUE, (tag) => (/^<a\b/i.test(tag) && !/\sdata-no-track\b/i.test(tag) ? rewrite(tag, urls) : tag));
  return withPixel(linked, urls.open());
}

function rewrite(tag: string, urls: TrackingUrls): string {
  return tag.replace(HREF, (whole, before: string, quoted: string) => {
    const url = unescapeHtml(quoted.replace(/^["']|["']$/g, '')).trim();
    return /^https?:\/\//i.test(url) ? `${before}"${escapeHtml(urls.click(url))}"` : whole;
  });
}

function withPixel(html: string, url: string): string {
  const pixel = `<img src="${escapeHtml(url)}" width="1" height="1" alt="" style="display:none">`;
  const end = html.toLowerCase().lastIndexOf('</body');
  return end < 0 ? html + pixel : html.slice(0, end) + pixel + html.slice(end);
}

const escapeHtml = (text: string): string => text.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`);

const NAMED: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** The entities that an address may hold: `&amp;`, `&#38;`, `&#x26;`. Unknown ones stay as written. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|quot|apos|lt|gt));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
