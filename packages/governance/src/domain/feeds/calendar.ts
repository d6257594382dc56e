const LINE_OCTETS = 75
/** RFC 5545 text holds no control characters but tabs; line ends are written as `\n`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to drop
const UNWRITABLE = /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f]/g
/** Half of a surrogate pair: no character, and UTF-8 has no bytes for it. */
const LONE_HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const ENCODER = new TextEncoder()

/** Value of a TEXT property. */
export const escapeText = (text: string): string =>
  text
    .replace(LONE_HALF, '\ufffd')
    .replace(/\r\n?/g, '\n')
    .replace(UNWRITABLE, '')
    .replace(/[\\;,]/g, (letter) => `\\${letter}`)
    .replace(/\n/g, '\\n')

/** A content line folded to 75 octets, never inside of a character. */
export function foldLine(line: string): string {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const letter of line) {
    const length = ENCODER.encode(letter).length
    // The space that begins a continued line counts too.
    if (octets + length > LINE_OCTETS) {
      parts.push(part)
      part = ' '
      octets = 1
    }
    part += letter
    octets += length
  }
  return [...parts, part].join('\r\n')
}

export interface CalendarEvent {
  /** Never changes for the same event. */
  readonly uid: string
  /** Rises whenever the rest changes. */
  readonly sequence: number
  /** When this revision was made. */
  readonly stampMs: number
  readonly startMs: number
  readonly title: string
  readonly detail: string
  readonly url: string
  readonly status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED'
}

export interface Calendar {
  readonly name: string
  readonly url: string
  readonly events: readonly CalendarEvent[]
}

/** `20261126T001200Z`. */
const utc = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')

const eventLines = ({ uid, sequence, stampMs, startMs, title, detail, url, status }: CalendarEvent): string[] => [
  'BEGIN:VEVENT',
  `UID:${escapeText(uid)}`,
  `DTSTAMP:${utc(stampMs)}`,
  `DTSTART:${utc(startMs)}`,
  `SEQUENCE:${sequence}`,
  `STATUS:${status}`,
  'TRANSP:TRANSPARENT',
  `SUMMARY:${escapeText(title)}`,
  `DESCRIPTION:${escapeText(detail)}`,
  `URL:${url}`,
  'END:VEVENT',
]

/** An iCalendar stream (RFC 5545). The same events give the same bytes. */
export const renderCalendar = ({ name, url, events }: Calendar): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//aelf//governance//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    `URL:${url}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
    'X-PUBLISHED-TTL:PT15M',
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
    '',
  ]
    .map(foldLine)
    .join('\r\n')
