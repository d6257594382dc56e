import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const config = createRequire(import.meta.url)('./law.cjs')

const inspect = async (baseDir: string, places: string[]): Promise<ICruiseResult> => {
  const { options, ...ruleSet } = config
  const resolveOptions = { ...options.enhancedResolveOptions }
  const result = await cruise(places, { ...options, baseDir, validate: true, ruleSet }, resolveOptions)
  if (typeof result.output === 'string') throw new Error('the dependency gate returned text')
  return result.output
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !/\/(node_modules|dist|\.next|generated)\//.test(path))

const lines = (result: ICruiseResult): string[] =>
  result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)

describe('the law table', () => {
  test('holds in every room, and the gate saw every file', async () => {
    const places = ['packages/chain/src', 'packages/governance/src', 'apps/portal']
    const result = await inspect(root, places)
    expect(lines(result)).toEqual([])
    const seen = result.modules.filter(({ source }) => /^(packages|apps)\/.*\.tsx?$/.test(source))
    expect(seen.length).toBeGreaterThanOrEqual(places.flatMap(sourcesIn).length)
  }, 120_000)

  test('refuses every planted violation', async () => {
    const result = await inspect(`${root}/.house/canary`, ['packages'])
    const broken = new Set(result.summary.violations.map(({ rule }) => rule.name))
    for (const name of ['law chain/kernel', 'door chain/kernel', 'platform chain/kernel', 'law chain/contracts/*']) {
      expect(broken).toContain(name)
    }
    for (const name of ['no cycle', 'resolvable', 'testing stays outside']) expect(broken).toContain(name)
  })

  test('names every room that exists', () => {
    const law = createRequire(import.meta.url)('./law.json') as { rooms: { name: string }[] }
    const known = law.rooms.map(({ name }) => name)
    for (const place of ['chain', 'governance']) {
      const rooms = readdirSync(`${root}/packages/${place}/src`, { withFileTypes: true }).filter((entry) =>
        entry.isDirectory(),
      )
      for (const { name } of rooms) {
        expect(known.some((room) => room === `${place}/${name}` || room.startsWith(`${place}/${name}/`))).toBe(true)
      }
    }
  })
})
