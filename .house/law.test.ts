import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, test } from 'vitest'
import { filesIn, readJson, root } from './tree.ts'

const config = createRequire(import.meta.url)('./law.cjs')

/** The portal names its own folders by `paths`, since Next resolves those and not package imports of TypeScript files. */
const portalNames = (): Record<string, string> => {
  const { compilerOptions } = readJson('apps/portal/tsconfig.json') as {
    compilerOptions: { paths: Record<string, [string]> }
  }
  const target = (path: string): string => `${root}/apps/portal/${path.replace(/^\.\//, '').replace(/\/\*$/, '')}`
  return Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [path]]) => [name.replace(/\/\*$/, ''), target(path)]),
  )
}

const inspect = async (baseDir: string, places: readonly string[]): Promise<ICruiseResult> => {
  const { options, ...ruleSet } = config
  const resolveOptions = { ...options.enhancedResolveOptions, alias: portalNames() }
  const result = await cruise([...places], { ...options, baseDir, validate: true, ruleSet }, resolveOptions)
  if (typeof result.output === 'string') throw new Error('the dependency gate returned text')
  return result.output
}

const lines = (result: ICruiseResult): string[] =>
  result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)

describe('the law table', () => {
  test('holds in every room, and the gate saw every file', { timeout: 120_000 }, async () => {
    const places = ['packages/chain/src', 'packages/governance/src', 'apps/portal']
    const result = await inspect(root, places)
    expect(lines(result)).toEqual([])
    const seen = new Set(result.modules.map(({ source }) => source))
    const present = places.flatMap(filesIn).filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    expect(present.length).toBeGreaterThan(0)
    expect(present.filter((path) => !seen.has(path))).toEqual([])
  })

  test('refuses every planted violation', async () => {
    const result = await inspect(`${root}/.house/canary`, ['packages'])
    const broken = new Set(result.summary.violations.map(({ rule }) => rule.name))
    for (const name of ['law chain/kernel', 'door chain/kernel', 'platform chain/kernel', 'law chain/contracts/*']) {
      expect(broken).toContain(name)
    }
    for (const name of ['no cycle', 'resolvable', 'testing stays outside']) expect(broken).toContain(name)
  })

  test('names every room that exists', () => {
    const { rooms } = readJson('.house/law.json') as { rooms: { name: string }[] }
    const known = rooms.map(({ name }) => name)
    const isKnown = (room: string): boolean => known.some((name) => name === room || name.startsWith(`${room}/`))
    const present = ['chain', 'governance'].flatMap((place) =>
      readdirSync(`${root}/packages/${place}/src`, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${place}/${name}`),
    )
    expect(present.filter((room) => !isKnown(room))).toEqual([])
  })
})
