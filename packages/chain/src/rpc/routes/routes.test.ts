import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rpcErrorObject, rpcErrors } from './errors.ts'
import { routeNames, routes } from './routes.ts'
import { scanMessage } from './scan.ts'

const limits = { depth: 16, calls: 100 }
const scan = (text: string) => scanMessage(new TextEncoder().encode(text), limits)

describe('scan', () => {
  test('default: any JSON within the limits passes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(4), (value, indent) => {
        // A list at the top is a batch, and has its own limit.
        expect(scan(JSON.stringify({ value }, undefined, indent)).ok).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: brackets and commas inside text do not count', () => {
    expect(scan(JSON.stringify('[{,'.repeat(1_000))).ok).toBe(true)
    expect(scan('["\\"[[[[[[[[[[[[[[[[[[[[\\\\",1]')).toEqual({ ok: true, calls: 2 })
  })

  test.each([
    [`${'['.repeat(16)}${']'.repeat(16)}`, true],
    [`${'['.repeat(17)}${']'.repeat(17)}`, false],
    [`[${Array(100).fill('{}').join()}]`, true],
    [`[${Array(101).fill('{}').join()}]`, false],
    [`{"a":[${Array(500).fill('1').join()}]}`, true],
    [']', false],
    ['[', false],
    ['"', true],
    ['1'.repeat(1_024), true],
    ['1'.repeat(1_025), false],
  ])('behavior: %.30s', (text, ok) => {
    expect(scan(text).ok).toBe(ok)
  })

  test('behavior: a text ends at the first quote that is not escaped', () => {
    const text = fc
      .array(fc.constantFrom('"', '\\', '[', ']', ',', '\u00e9'), { maxLength: 16 })
      .map((list) => list.join(''))
    fc.assert(
      fc.property(text, text, (first, second) => {
        const [a, b] = [JSON.stringify(first), JSON.stringify(second)]
        expect(scan(`[${a},${b}]`)).toEqual({ ok: true, calls: 2 })
        expect(scan(`[${a},${b}`).ok).toBe(false)
        expect(scan(`[${a},${b.slice(0, -1)}]`).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('behavior: no byte is read more than twice, whatever a message holds', () => {
    const endless = { depth: Number.POSITIVE_INFINITY, calls: Number.POSITIVE_INFINITY }
    for (const unit of ['"', '\\', '"\\', '[', '[]', '{"a":', ' ', '1', '1,', ',', '"a",', '\u00e9']) {
      const bytes = new TextEncoder().encode(unit.repeat(20_000))
      for (const most of [limits, endless]) {
        let reads = 0
        const counted = new Proxy(bytes, {
          get(target, key) {
            if (key === 'indexOf')
              return (byte: number, from: number) => {
                const found = target.indexOf(byte, from)
                reads += (found < 0 ? target.length : found + 1) - from
                return found
              }
            if (key !== 'length') reads += 1
            return Reflect.get(target, key)
          },
        })
        expect(scanMessage(counted, most)).toEqual(scanMessage(bytes, most))
        expect(reads, unit).toBeLessThanOrEqual(2 * bytes.length)
      }
    }
  })
})

describe('documents', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

  test('behavior: the README lists every method with its parameters and every error with its number', () => {
    for (const name of routeNames) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
      expect(row, name).toBeDefined()
      for (const parameter of routes[name].names) expect(row).toContain(`\`${parameter}\``)
    }
    for (const [code, { number, help }] of Object.entries(rpcErrors)) {
      expect(readme, code).toContain(`| \`${code}\` | ${number} |`)
      expect(readme, code).toContain(help)
    }
  })

  test('behavior: an error carries its name, number and remedy', () => {
    expect(rpcErrorObject('tx.markExpired', { field: 'params[0]' })).toEqual({
      code: 1104,
      message: rpcErrors['tx.markExpired'].message,
      data: { code: 'tx.markExpired', help: rpcErrors['tx.markExpired'].help, retryable: false, field: 'params[0]' },
    })
  })
})
