import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childText, readCalendar, readXml } from '#testing'
import { type CalendarEvent, foldLine, renderCalendar } from './calendar.ts'
import { renderRss } from './rss.ts'

const NASTY = [
  'plain',
  '“Fees; halved, really” \\ and back\\n',
  'two\r\nlines\rand\nmore',
  '</title><script>alert(1)</script>&amp;&#0;]]>',
  'BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT',
  'ü'.repeat(80),
  '🗳️'.repeat(40),
  'nul\u0000 bell\u0007 escape\u001b[31m del\u007f',
  'half \ud83d and \udc00 half, \ufffe\uffff',
]

/** What is left of a text that a format can't hold whole. */
const plain = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are dropped by both formats
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\ufffd/g, '')

const event = (title: string, detail: string): CalendarEvent => ({
  uid: 'upgrade-1@aelf',
  sequence: 3,
  stampMs: Date.UTC(2026, 10, 26, 1, 2, 3, 999),
  startMs: Date.UTC(2026, 10, 30, 23, 59, 59),
  title,
  detail,
  url: 'https://portal.example/upgrades/0x1',
  status: 'TENTATIVE',
})
const calendar = (events: readonly CalendarEvent[]): string =>
  renderCalendar({ name: 'aelf, upgrades', url: 'https://portal.example/upgrades', events })
const feed = (title: string, detail: string): string =>
  renderRss({
    title: 'aelf',
    description: 'd',
    url: 'https://portal.example/upgrades?a=1&b=2',
    selfUrl: 'https://portal.example/feeds/upgrades.xml?a=1&b=2',
    items: [
      {
        guid: `g ${title}`,
        title,
        detail,
        url: 'https://portal.example/x?a&b',
        timeMs: 1_795_654_919_451,
        category: 'activated',
      },
    ],
  })

describe('calendar', () => {
  test('default: an entry is what a reader of RFC 5545 finds', () => {
    const { head, events } = readCalendar(calendar([event('Takes over', 'First line\nSecond line')]))
    expect(head).toMatchObject({ VERSION: '2.0', METHOD: 'PUBLISH', 'X-WR-CALNAME': 'aelf, upgrades' })
    expect(events).toEqual([
      {
        UID: 'upgrade-1@aelf',
        DTSTAMP: '20261126T010203Z',
        DTSTART: '20261130T235959Z',
        SEQUENCE: '3',
        STATUS: 'TENTATIVE',
        TRANSP: 'TRANSPARENT',
        SUMMARY: 'Takes over',
        DESCRIPTION: 'First line\nSecond line',
        URL: 'https://portal.example/upgrades/0x1',
      },
    ])
  })

  test.each(NASTY)('error: %j stays inside of its property', (text) => {
    const { events } = readCalendar(calendar([event(text, text)]))
    expect(events).toHaveLength(1)
    expect(plain(events[0]?.['SUMMARY'] ?? '')).toBe(plain(text))
    expect(events[0]).toMatchObject({ UID: 'upgrade-1@aelf' })
  })

  test('behavior: any text is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(plain(readCalendar(calendar([event(text, text)])).events[0]?.['DESCRIPTION'] ?? '')).toBe(plain(text))
      }),
    )
  })

  test('args: a line of exactly 75 octets is not folded, and no character is cut', () => {
    expect(foldLine('x'.repeat(75))).toBe('x'.repeat(75))
    expect(foldLine('x'.repeat(76))).toBe(`${'x'.repeat(75)}\r\n x`)
    expect(foldLine(`${'x'.repeat(73)}€y`)).toBe(`${'x'.repeat(73)}\r\n €y`)
  })
})

describe('rss', () => {
  test('default: an item is what a reader of XML finds', () => {
    const channel = readXml(feed('Locked in', 'Support & more')).children[0]
    const item = channel?.children.find(({ name }) => name === 'item')
    expect(item?.children.map(({ name }) => name)).toEqual([
      'title',
      'link',
      'guid',
      'pubDate',
      'category',
      'description',
    ])
    expect(item === undefined ? '' : childText(item, 'pubDate')).toBe('Thu, 26 Nov 2026 01:01:59 GMT')
    expect(item === undefined ? '' : childText(item, 'link')).toBe('https://portal.example/x?a&b')
    // Readers show a description as HTML.
    expect(item === undefined ? '' : childText(item, 'description')).toBe('Support &amp; more')
  })

  test.each(NASTY)('error: %j stays inside of its element', (text) => {
    const item = readXml(feed(text, text)).children[0]?.children.find(({ name }) => name === 'item')
    expect(item?.children).toHaveLength(6)
    expect(plain(item === undefined ? '' : childText(item, 'title'))).toBe(plain(text))
    expect(item === undefined ? '' : childText(item, 'description')).not.toContain('<')
  })

  test('behavior: any text is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const item = readXml(feed(text, text)).children[0]?.children.at(-1)
        expect(plain(item === undefined ? '' : childText(item, 'title'))).toBe(plain(text))
      }),
    )
  })
})
