import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { descriptors } from '#contracts/metadata'

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
  it.each(descriptors)('behavior: the tables of $name are what the contract declares [CON-NUMBER-1]', (contract) => {
    const { name, number, items, methods, events, errors } = contract
    const from = spec.search(new RegExp(`^### 12\\.\\d ${name} \\(${number}\\)$`, 'im'))
    expect(from).toBeGreaterThan(0)
    const section = spec.slice(from, spec.indexOf('\n#', from + 1))
    const fields = (list: readonly { name: string; type: string; indexed?: boolean }[]): string =>
      list.map((field) => `${field.type} ${field.name}${field.indexed === true ? ' (i)' : ''}`).join(', ')
    const rows = [
      ...items.map((item) => {
        const key = item.keyNames.map((part, index) => `${item.key[index]} ${part}`).join(', ') || '–'
        return `| ${item.number} | \`${item.name}\`${item.counter ? ' (counter)' : ''} | ${key} | ${fields(item.value)} |`
      }),
      ...methods.map(
        (method) =>
          `| ${method.number} | \`${method.signature.slice('function '.length)}\` | ${method.nonParallel ? 'yes' : ''} |`,
      ),
      ...events.map((event) => `| ${event.number} | \`${event.name}\` | ${fields(event.fields)} |`),
    ]
    expect(section.split('\n').filter((line) => /^\| \d/.test(line))).toEqual(rows)
    const listed = errors.map((error) => `${error.number} \`${error.name}\``).join(' · ')
    expect(section).toContain(listed === '' ? '\n' : `Errors: ${listed}\n`)
  })
  it('behavior: every vector file named in the text exists', () => {
    const present = new Set(readdirSync(new URL('vectors', root)))
    const named = [...spec.matchAll(/`([a-zA-Z]+\.json)`/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(present.has(name), name).toBe(true)
  })
})
