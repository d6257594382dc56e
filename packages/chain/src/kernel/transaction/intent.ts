import { utf8ToBytes } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import { MAX_STRING_BYTES } from '../abi/fields.ts'
import type { FieldType, FieldValue, FieldValues } from '../abi/types.ts'
import { KernelError } from '../error.ts'

const DECIMALS = 8
const ONE = 10n ** BigInt(DECIMALS)

export type IntentFormat = 'plain' | 'elf' | 'bps'

export type IntentPart =
  | { readonly text: string }
  | { readonly name: string; readonly type: FieldType; readonly format: IntentFormat }

/** Integer with a comma between groups of three digits. */
export function formatInteger(value: bigint | number): string {
  const digits = value.toString()
  const head = digits.length % 3 || 3
  let text = digits.slice(0, head)
  for (let at = head; at < digits.length; at += 3) text += `,${digits.slice(at, at + 3)}`
  return text
}

function formatFraction(value: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals)
  const fraction = (value % scale).toString().padStart(decimals, '0').replace(/0+$/, '')
  const whole = formatInteger(value / scale)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Amount in whole tokens of 8 decimals: `120000000000n` is `1,200`. */
export function formatAmount(value: bigint): string {
  return formatFraction(value, DECIMALS)
}

/** Inverse of `formatAmount`, commas optional; undefined when it is not such a number or has more than 8 decimals. */
export function parseAmount(text: string): bigint | undefined {
  const match = /^([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,8}))?$/.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = ''] = match
  return BigInt(whole.replaceAll(',', '')) * ONE + BigInt(fraction.padEnd(DECIMALS, '0'))
}

const PLAIN_WORD = /^[A-Z0-9]{1,16}$/

function mustEscape(code: number): boolean {
  if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0x7f && code <= 0x9f)) return true
  // Invisible characters and those that turn the reading direction could make one sentence look like another.
  return (
    code === 0xad ||
    code === 0x061c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  )
}

/** A symbol (capital letters and digits, up to 16) as it is; any other text in double quotes with escapes `\u{hex}`. */
export function formatText(text: string): string {
  if (PLAIN_WORD.test(text)) return text
  let quoted = '"'
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    quoted += mustEscape(code) ? `\\u{${code.toString(16)}}` : character
  }
  return `${quoted}"`
}

function formatValue(part: { readonly type: FieldType; readonly format: IntentFormat }, value: FieldValue): string {
  if (part.format === 'elf') return formatAmount(BigInt(value))
  if (part.format === 'bps') return `${formatFraction(BigInt(value), 2)}%`
  if (typeof value === 'bigint' || typeof value === 'number') return formatInteger(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return part.type === 'string' ? formatText(value) : value.toLowerCase()
}

const PLACEHOLDER = /^([a-z][A-Za-z0-9]*)(?::([a-z]+))?$/

function parsePlaceholder(text: string, method: MethodDescriptor): IntentPart {
  const [, name = '', format = 'plain'] = PLACEHOLDER.exec(text) ?? []
  const arg = method.abi.args.find((candidate) => candidate.name === name)
  if (!arg)
    throw new KernelError('intent.template', `no argument for {${text}}`, {
      details: { method: method.name, placeholder: text },
    })
  if (format !== 'plain' && format !== 'elf' && format !== 'bps') {
    throw new KernelError('intent.template', `unknown format in {${text}}`, {
      details: { method: method.name, placeholder: text },
    })
  }
  if (format !== 'plain' && !arg.type.startsWith('uint')) {
    throw new KernelError('intent.template', `{${text}} formats an integer`, {
      details: { method: method.name, placeholder: text },
    })
  }
  return { name, type: arg.type, format }
}

function compile(method: MethodDescriptor): readonly IntentPart[] {
  const parts: IntentPart[] = []
  for (const [index, piece] of method.intent.split('{').entries()) {
    if (index === 0) {
      parts.push({ text: piece })
      continue
    }
    const close = piece.indexOf('}')
    if (close < 0)
      throw new KernelError('intent.template', 'a placeholder is not closed', { details: { method: method.name } })
    parts.push(parsePlaceholder(piece.slice(0, close), method), { text: piece.slice(close + 1) })
  }
  return parts
}

const compiled = new WeakMap<MethodDescriptor, readonly IntentPart[]>()

/** The method's template in parts. Throws `intent.template`. */
export function intentParts(method: MethodDescriptor): readonly IntentPart[] {
  const known = compiled.get(method)
  if (known !== undefined) return known
  const parts = compile(method)
  compiled.set(method, parts)
  return parts
}

/**
 * The sentence a signer reads, from the method's template: `{x}` plain, `{x:elf}` amount with 8 decimals, `{x:bps}` hundredths of a
 * percent. Throws `intent.template`, and `intent.tooLong` above 4096 bytes.
 */
export function renderIntent(method: MethodDescriptor, args: FieldValues): string {
  let sentence = ''
  for (const part of intentParts(method)) {
    if ('text' in part) {
      sentence += part.text
      continue
    }
    const value = args[part.name]
    if (value === undefined)
      throw new KernelError('abi.field', `${part.name}: missing`, { details: { field: part.name } })
    sentence += formatValue(part, value)
  }
  if (utf8ToBytes(sentence).length > MAX_STRING_BYTES)
    throw new KernelError('intent.tooLong', 'the sentence is above 4096 bytes')
  return sentence
}
