import { describe, expect, test } from 'vitest'
import { bytesToHex } from '#primitives'
import { createLogger, createLogRing, createRedactor, type LogLevel } from './index.ts'

const secret = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)
const forms = [
  bytesToHex(secret),
  bytesToHex(secret).slice(2),
  bytesToHex(secret).toUpperCase(),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
]

function logging(level: LogLevel, format: 'json' | 'pretty' = 'json') {
  const lines: string[] = []
  const ring = createLogRing({ level: 'debug' })
  const redactor = createRedactor()
  const logger = createLogger(level, { format, ring, redactor, write: (line) => lines.push(line) })
  return { lines, ring, redactor, logger }
}

describe('log', () => {
  test('default: JSON with big integers as text, or a line for people', () => {
    const json = logging('info')
    json.logger.info('A block', { height: 12n, node: 'a' })
    json.logger.debug('Not shown')
    expect(json.lines).toHaveLength(1)
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({ level: 'info', msg: 'A block', height: '12', node: 'a' })
    const pretty = logging('debug', 'pretty')
    pretty.logger.warn('A peer left', { peer: '12D3', reason: 'two\nlines' })
    expect(pretty.lines[0]).toMatch(/^[\d:.]+ WARN {2}A peer left peer=12D3 reason="two\\nlines"\n$/)
  })

  test('behavior: foreign text cannot write lines of its own', () => {
    const { logger, lines } = logging('info', 'pretty')
    logger.info('name\n2026 ERROR forged', { peer: 'a\u001b[2Jb' })
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1)
    expect(lines.join('')).not.toContain('\u001b')
  })

  test('behavior: the ring keeps the newest 2,000 lines, each bounded, of a level and above', () => {
    const { logger, ring } = logging('silent')
    for (let count = 0; count < 5000; count += 1) logger.info(`line ${count}`)
    logger.error('broken', { text: 'x'.repeat(10_000) })
    logger.debug('m'.repeat(10_000))
    const all = ring.newest({ limit: 5000, level: 'debug' })
    expect(all.length).toBe(2000)
    expect(all.at(-1)?.message.length).toBe(1000)
    expect(ring.newest({ limit: 10, level: 'error' })).toMatchObject([{ message: 'broken', level: 'error' }])
    expect(JSON.stringify(all).length).toBeLessThan(400_000)
    expect(ring.newest({ limit: 3, level: 'info' }).map(({ message }) => message)).toEqual([
      'line 4998',
      'line 4999',
      'broken',
    ])
    const round: Record<string, unknown> = {}
    round['self'] = round
    logger.info('round', { round })
  })

  test('error: a secret is hidden wherever it turns up, and named fields always are', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { logger, lines, ring, redactor } = logging('debug', format)
      redactor.hide(secret)
      redactor.hideText('correct horse battery')
      for (const form of forms) {
        logger.info(`before ${form} after`, { text: form, list: [form], deep: { a: { b: form } } })
        logger.error('failed', { error: new Error(`bad key ${form}`) })
      }
      logger.warn('typed correct horse battery', { x: 'a correct horse battery b' })
      logger.info('bytes', { secret, raw: secret })
      logger.info('names', {
        password: 'abc',
        privateKey: 'def',
        token: 'ghi',
        keystore: { a: 'jkl' },
        inner: { authorization: 'mno' },
      })
      const written = lines.join('') + JSON.stringify(ring.newest({ limit: 500, level: 'debug' }))
      for (const form of [...forms, 'horse', 'abc', 'def', 'ghi', 'jkl', 'mno']) {
        expect(written.toLowerCase(), form).not.toContain(form.toLowerCase())
      }
      expect(written).toContain('before')
    }
  })
})
