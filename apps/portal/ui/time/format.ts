const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Two most telling parts of a duration: `2 d 4 h`, `12 min 5 s`, `8 s`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  const days = Math.floor(ms / DAY)
  const hours = Math.floor((ms % DAY) / HOUR)
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  const seconds = Math.floor((ms % MINUTE) / 1000)
  if (days >= 10) return `${days} d`
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  if (minutes >= 10) return `${minutes} min`
  if (minutes > 0) return `${minutes} min ${seconds} s`
  return `${seconds} s`
}

export function formatRelative(atMs: number, nowMs: number): string {
  const distance = atMs - nowMs
  if (Math.abs(distance) < 2000) return 'now'
  const text = formatDuration(Math.abs(distance))
  return distance > 0 ? `in ${text}` : `${text} ago`
}

/** `22 Nov 2026, 12:45:10 UTC`; without a zone, the reader's own. */
export function formatAbsolute(atMs: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(atMs)
}

export function formatDay(atMs: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(atMs)
}
