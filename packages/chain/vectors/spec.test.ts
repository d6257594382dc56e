import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const spec = readFileSync(new URL('SPEC.md', root), 'utf8')

function testText(folder: string): string {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), 'utf8'))
    .join('\n')
}

const cited = testText('src') + testText('vectors')
const ids = [...spec.matchAll(/^- \[([A-Z0-9-]+)\]/gm)].map((match) => match[1] ?? '')

describe('SPEC.md', () => {
  it('default: ids are unique and more than a few', () => {
    expect(ids.length).toBeGreaterThan(40)
    expect(new Set(ids).size).toBe(ids.length)
  })
  it.each(ids)('behavior: %s is cited by a test', (id) => {
    expect(cited).toContain(`[${id}]`)
  })
  it('behavior: every vector file named in the text exists', () => {
    const present = new Set(readdirSync(new URL('vectors', root)))
    const named = [...spec.matchAll(/`([a-zA-Z]+\.json)`/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(present.has(name), name).toBe(true)
  })
})
