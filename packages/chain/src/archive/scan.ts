/** What a reader should look at; none of it refuses an archive. */
export type FileWarning = 'binary' | 'large' | 'secret' | 'bidi' | 'installScript' | 'longLine'

const LARGE = 256 * 1024
const LONG_LINE = 5_000

/** Patterns without nested repetition: each takes time in proportion to the text. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{40}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10}/,
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bsk_live_[A-Za-z0-9]{16}/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /(?:private|secret)_?key["']?\s{0,4}[:=]\s{0,4}["']?(?:0x)?[0-9a-f]{64}\b/i,
  /(?:mnemonic|seed_?phrase)["']?\s{0,4}[:=]\s{0,4}["'][a-z]{3,8}(?: [a-z]{3,8}){11}/i,
]
const BIDI = /[\u202a-\u202e\u2066-\u2069]/
const INSTALL = /"(?:pre|post)?install"\s{0,4}:/

/** Looks at one file. */
export function scanFile(path: string, data: Uint8Array): readonly FileWarning[] {
  const warnings: FileWarning[] = []
  if (data.length > LARGE) warnings.push('large')
  if (data.includes(0)) return [...warnings, 'binary']
  const text = new TextDecoder().decode(data)
  if (text.includes('\ufffd')) warnings.push('binary')
  if (SECRETS.some((pattern) => pattern.test(text))) warnings.push('secret')
  if (BIDI.test(text)) warnings.push('bidi')
  if (/(?:^|\/)package\.json$/.test(path) && INSTALL.test(text)) warnings.push('installScript')
  if (text.split('\n').some((line) => line.length > LONG_LINE)) warnings.push('longLine')
  return warnings
}
