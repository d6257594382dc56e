import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatAmount,
  formatInteger,
  formatText,
  type MethodDescriptor,
  parseAmount,
  parseSignature,
  renderIntent,
  systemAddress,
} from '../index.ts'

function methodOf(signature: string, intent: string): MethodDescriptor {
  const abi = parseSignature(signature)
  return {
    contract: 'token',
    contractAddress: systemAddress(1),
    name: abi.name,
    number: 1,
    signature,
    abi,
    intent,
    doc: '',
    nonParallel: false,
  }
}

describe('renderIntent', () => {
  it('default: amounts, integers, addresses, symbols, percentages, booleans [INTENT-HEX-1] [INTENT-BPS-1]', () => {
    const to = `0x${'Ab'.repeat(20)}`
    const send = methodOf(
      'function transfer(address to, string symbol, uint256 amount)',
      'Send {amount:elf} {symbol} to {to}',
    )
    expect(renderIntent(send, { to, symbol: 'ELF', amount: 123_456_700_000_000n })).toBe(
      `Send 1,234,567 ELF to ${to.toLowerCase()}`,
    )
    expect(renderIntent(send, { to, symbol: 'ELF to 0x1', amount: 1n })).toBe(
      `Send 0.00000001 "ELF to 0x1" to ${to.toLowerCase()}`,
    )
    const register = methodOf(
      'function register(string name, uint32 commissionBps, bool open)',
      'Register {name} at {commissionBps:bps}, open: {open}',
    )
    expect(renderIntent(register, { name: 'Ann "A" \u202e\n', commissionBps: 1250, open: true })).toBe(
      'Register "Ann \\u{22}A\\u{22} \\u{202e}\\u{a}" at 12.5%, open: yes',
    )
  })
  it.each([
    ['Send {value}', 'intent.template'],
    ['Send {amount:usd}', 'intent.template'],
    ['Send {to:elf}', 'intent.template'],
    ['Send {amount', 'intent.template'],
    ['Send {}', 'intent.template'],
  ])('error: template %s', (intent, code) => {
    const method = methodOf('function transfer(address to, uint256 amount)', intent)
    expect(() => renderIntent(method, { to: `0x${'00'.repeat(20)}`, amount: 1n })).toThrow(
      expect.objectContaining({ code }),
    )
  })
  it('error: a sentence above 4096 bytes [INTENT-MAX-1], a missing argument', () => {
    const note = methodOf('function note(string text)', 'Note {text}')
    expect(() => renderIntent(note, { text: 'x'.repeat(4090) })).toThrow(
      expect.objectContaining({ code: 'intent.tooLong' }),
    )
    expect(() => renderIntent(note, {})).toThrow(expect.objectContaining({ code: 'abi.field' }))
  })
})

describe('formats', () => {
  it('behavior: amounts and integers agree with an independent formatter and parse back [INTENT-INT-1] [INTENT-ELF-1]', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(formatInteger(value)).toBe(value.toLocaleString('en-US'))
        expect(parseAmount(formatAmount(value))).toBe(value)
      }),
    )
    expect(formatAmount(120_050_000_000n)).toBe('1,200.5')
    expect(formatAmount(0n)).toBe('0')
    for (const bad of ['', '1,20', '.5', '1.123456789', '-1', '1e3', '1.']) expect(parseAmount(bad)).toBeUndefined()
  })
  it('behavior: two texts never read the same [INTENT-TEXT-1]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }), (a, b) => {
        expect(formatText(a) === formatText(b)).toBe(a === b)
      }),
    )
  })
})
