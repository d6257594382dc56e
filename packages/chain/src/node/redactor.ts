import { type Bytes, bytesToHex } from '#primitives'

/** Takes secrets out of what is about to be written. */
export interface Redactor {
  /** From now on these bytes appear nowhere: neither in hex nor in base64. */
  hide(secret: Bytes): void
  /** From now on this text appears nowhere. Texts below eight characters are not looked for. */
  hideText(secret: string): void
  text(given: string): string
  /** A field of a log line: by its name, and by what is in it. */
  field(name: string, value: unknown): unknown
}

const HIDDEN = '[hidden]'
const MIN_TEXT = 8
const MAX_SECRETS = 256
const MAX_DEPTH = 4
/** Names whose values are never for a log, whatever they hold. */
const SECRET_NAME = /^(?:.*(?:password|passphrase|secret|privatekey|keystore)|token|authorization|cookie)$/i

/** Secrets are added when they are read; until then only names protect. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  const lowered = new Set<string>()

  const hideIn = (given: string): string => {
    let text = given
    for (const secret of secrets) if (text.includes(secret)) text = text.replaceAll(secret, HIDDEN)
    if (lowered.size === 0) return text
    const lower = text.toLowerCase()
    // Hex may be written in any case; then the whole text goes.
    for (const hex of lowered) if (lower.includes(hex)) return HIDDEN
    return text
  }

  const inside = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return hideIn(value)
    if (value instanceof Uint8Array) return `${value.length} bytes`
    if (value instanceof Error) return hideIn(value.message)
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MAX_DEPTH) return HIDDEN
    if (Array.isArray(value)) return value.map((entry) => inside(entry, depth + 1))
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, named(name, entry, depth + 1)]))
  }
  const named = (name: string, value: unknown, depth: number): unknown =>
    SECRET_NAME.test(name) ? HIDDEN : inside(value, depth)

  return {
    hide(secret) {
      if (secrets.size >= MAX_SECRETS) return
      const buffer = Buffer.from(secret)
      lowered.add(bytesToHex(secret).slice(2))
      secrets.add(buffer.toString('base64').replace(/=+$/, ''))
      secrets.add(buffer.toString('base64url'))
    },
    hideText(secret) {
      if (secret.length >= MIN_TEXT && secrets.size < MAX_SECRETS) secrets.add(secret)
    },
    text: hideIn,
    field: (name, value) => named(name, value, 0),
  }
}
