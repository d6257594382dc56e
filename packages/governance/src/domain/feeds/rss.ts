/** What XML 1.0 can't hold even escaped: most control characters, halves of surrogate pairs, two non-characters. */
const UNWRITABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to drop
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

export const escapeXml = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)

export interface RssItem {
  /** Never changes for the same news. */
  readonly guid: string
  readonly title: string
  readonly detail: string
  readonly url: string
  readonly timeMs: number
  readonly category: string
}

export interface RssChannel {
  readonly title: string
  readonly description: string
  /** The page that the feed is a twin of, and the feed itself. */
  readonly url: string
  readonly selfUrl: string
  readonly items: readonly RssItem[]
}

/** RFC 822 with a year of four digits, as RSS 2.0 wants it: `Thu, 26 Nov 2026 00:12:00 GMT`. */
const rssDate = (ms: number): string => new Date(ms).toUTCString()

const tag = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`

const itemText = ({ guid, title, detail, url, timeMs, category }: RssItem): string =>
  [
    '<item>',
    tag('title', title),
    tag('link', url),
    `<guid isPermaLink="false">${escapeXml(guid)}</guid>`,
    tag('pubDate', rssDate(timeMs)),
    tag('category', category),
    tag('description', escapeXml(detail)),
    '</item>',
  ].join('\n')

/** RSS 2.0. A description is HTML there, so its text is escaped once more. The same news gives the same bytes. */
export function renderRss(channel: RssChannel): string {
  const newest = Math.max(0, ...channel.items.map(({ timeMs }) => timeMs))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
    '<channel>',
    tag('title', channel.title),
    tag('link', channel.url),
    `<atom:link href="${escapeXml(channel.selfUrl)}" rel="self" type="application/rss+xml"/>`,
    tag('description', channel.description),
    tag('language', 'en'),
    tag('lastBuildDate', rssDate(newest)),
    ...channel.items.map(itemText),
    '</channel>',
    '</rss>',
    '',
  ].join('\n')
}
