import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesIn, isProof, isSource, read, readJson, root } from './tree.ts'

const places = ['packages/chain', 'packages/governance', 'apps/portal', 'e2e', '.house']
const files = [...places.filter((place) => existsSync(`${root}/${place}`)).flatMap(filesIn), 'README.md'].filter(
  (path) => existsSync(`${root}/${path}`),
)
const sources = files.filter(isSource)
const proofs = files.filter(isProof)
const product = sources.filter(
  (path) => path.startsWith('packages/') && path.includes('/src/') && !path.includes('/testing/'),
)
const law = readJson('.house/law.json') as { rooms: { name: string; deterministic?: boolean }[] }

const folderOf = (room: string): string => {
  const [place, ...rest] = room.split('/')
  return `packages/${place}/src/${rest.join('/')}`
}
const present = law.rooms
  .flatMap(({ name, deterministic }) => {
    if (!name.endsWith('/*')) return name === 'portal' ? [] : [{ folder: folderOf(name), deterministic }]
    const parent = folderOf(name.slice(0, -2))
    if (!existsSync(`${root}/${parent}`)) return []
    return readdirSync(`${root}/${parent}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => ({ folder: `${parent}/${entry.name}`, deterministic }))
  })
  .filter(({ folder }) => existsSync(`${root}/${folder}`))
const deterministic = product.filter((path) => {
  const homes = present.filter(({ folder }) => path.startsWith(`${folder}/`))
  const nearest = homes.sort((a, b) => b.folder.length - a.folder.length)[0]
  return nearest?.deterministic === true
})

/** Lines of these files that match, as `path:line text`. */
const matches = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  )

describe('folders', () => {
  const CONTRACT_FILES = [
    'README.md', 'contract.ts', 'errors.ts', 'events.ts', 'genesis.ts', 'index.ts', 'invariants.ts', 'params.ts', 'ports.ts',
    'simulation.ts', 'state.ts', 'views.ts',
  ] // biome-ignore format: one table

  test('every contract folder reads the same', () => {
    const home = 'packages/chain/src/contracts'
    const contracts = existsSync(`${root}/${home}`)
      ? readdirSync(`${root}/${home}`).filter(
          (name) => name !== 'runtime' && existsSync(`${root}/${home}/${name}/contract.ts`),
        )
      : []
    expect(contracts.length).toBeGreaterThan(0)
    for (const name of contracts) {
      const inside = readdirSync(`${root}/${home}/${name}`, { withFileTypes: true })
      const plain = inside.filter((entry) => entry.isFile() && !isProof(entry.name)).map((entry) => entry.name)
      expect({ name, files: plain.sort() }).toEqual({ name, files: CONTRACT_FILES })
      expect(inside.some((entry) => entry.isDirectory() && entry.name === 'methods')).toBe(true)
    }
  })

  test('every room says what it owns', () => {
    const silent = [...new Set(present.map(({ folder }) => folder))].flatMap((folder) => {
      const path = `${folder}/README.md`
      if (!existsSync(`${root}/${path}`)) return [`${path} is missing`]
      const text = read(path)
      return [/\bOwns\b/, /\bDoes not own\b/, /\bMay import\b/]
        .filter((heading) => !heading.test(text))
        .map((heading) => `${path} lacks ${heading.source}`)
    })
    expect(silent).toEqual([])
  })

  test('no folder is a drawer', () => {
    const drawers = files.filter((path) => /\/(utils?|helpers?|common|misc|managers?|shared)\//.test(path))
    expect(drawers).toEqual([])
  })

  test('the top level stays small', () => {
    const listed = spawnSync('git', ['ls-files', '--cached'], { cwd: root, encoding: 'utf8' }).stdout.split('\n')
    const top = new Set(listed.filter(Boolean).map((path) => path.split('/')[0] ?? ''))
    const visible = [...top].filter((name) => !name.startsWith('.')).sort()
    expect(visible).toEqual([
      'README.md', 'apps', 'biome.json', 'e2e', 'knip.json', 'package-lock.json', 'package.json', 'packages', 'prisma',
      'tsconfig.base.json', 'tsconfig.json', 'vitest.config.ts',
    ]) // biome-ignore format: one table
  })
})

describe('banned words', () => {
  test('in every source', () => {
    expect(
      matches([...sources, ...proofs], /\b(TODO|FIXME|HACK)\b/).filter((line) => !line.startsWith('.house/')),
    ).toEqual([])
    expect(matches(sources, /@ts-(ignore|nocheck|expect-error)/).filter((line) => !line.startsWith('.house/'))).toEqual(
      [],
    )
    expect(matches(product, /^export \* from/)).toEqual([])
  })

  test('errors always carry a code', () => {
    expect(matches(product, /throw new (Error|TypeError|RangeError)\(/)).toEqual([])
  })

  test('in deterministic rooms', () => {
    expect(deterministic.length).toBeGreaterThan(0)
    const code = (pattern: RegExp): string[] =>
      matches(deterministic, pattern).filter((line) => !/^\S+ (\/\/|\*|\/\*)/.test(line))
    expect(code(/\.localeCompare\(/), 'compare code points or bytes').toEqual([])
    expect(code(/\.(sort|toSorted)\(\)/), 'name the comparator').toEqual([])
    expect(code(/\.toLocale\w+\(/), 'locales differ between machines').toEqual([])
    expect(code(/\b\d+\.\d+(?!\.\d)(?=\s*[*/+-])/), 'integers only').toEqual([])
  })
})

describe('size', () => {
  test('no file grows past 300 lines, and the few that are longer only shrink', () => {
    const allowed = readJson('.house/ratchet.json') as Record<string, number>
    const long = sources
      // Generated text grows with what it is made from; nobody splits it by hand.
      .filter((path) => /^(packages\/[^/]+\/src|apps)\//.test(path) && !path.includes('/generated/'))
      .map((path) => ({ path, lines: read(path).split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (allowed[path] ?? 300))
    expect(long).toEqual([])
    const stale = Object.keys(allowed).filter(
      (path) => !existsSync(`${root}/${path}`) || read(path).split('\n').length - 1 <= 300,
    )
    expect(stale, 'drop these from .house/ratchet.json').toEqual([])
  })
})

describe('requirements', () => {
  const ID = '[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+-\\d+'
  /** Ids in brackets, one or several: `[TOKEN-LOCK-1, TOKEN-LOCK-2]`. */
  const idsOf = (paths: readonly string[]): Set<string> => {
    const brackets = new RegExp(`\\[${ID}(?:, ${ID})*\\]`, 'g')
    const found = paths.flatMap((path) => [...read(path).matchAll(brackets)].map(([text]) => text))
    return new Set(found.flatMap((text) => text.slice(1, -1).split(', ')))
  }

  test('every id in a specification is cited by a test, and every cited id exists', () => {
    const specifications = files.filter(
      (path) =>
        /^packages\/chain\/src\/(contracts|consensus|p2p|sync)\/.*README\.md$/.test(path) ||
        path === 'packages/chain/SPEC.md',
    )
    const written = idsOf(specifications)
    expect(written.size).toBeGreaterThan(0)
    const cited = idsOf(proofs.filter((path) => path.startsWith('packages/')))
    expect([...written].filter((id) => !cited.has(id)).sort(), 'written but not tested').toEqual([])
    expect([...cited].filter((id) => !written.has(id)).sort(), 'tested but not written').toEqual([])
  })
})

describe('dependencies', () => {
  const manifests = [
    'package.json',
    'packages/chain/package.json',
    'packages/governance/package.json',
    'apps/portal/package.json',
    'e2e/package.json',
  ]
  type Manifest = {
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
    optionalDependencies?: Record<string, string>
  }
  const direct = manifests.flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = readJson(path) as Manifest
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).map(([name, range]) => ({
      path,
      name,
      range,
    }))
  })

  test('are pinned', () => {
    expect(direct.filter(({ range }) => /^[\^~><*]/.test(range)).map(({ path, name }) => `${path} ${name}`)).toEqual([])
  })

  test('accept the oldest supported Node', () => {
    const refused = direct.flatMap(({ path, name }) => {
      const manifest = [`${dirname(path)}/node_modules/${name}/package.json`, `node_modules/${name}/package.json`].find(
        (candidate) => existsSync(`${root}/${candidate}`),
      )
      if (manifest === undefined) return []
      const { engines } = readJson(manifest) as { engines?: { node?: string } }
      return engines?.node === undefined || accepts(engines.node, [20, 19, 0]) ? [] : [`${name} wants ${engines.node}`]
    })
    expect([...new Set(refused)]).toEqual([])
    expect(accepts('^22.11 || >=24', [20, 19, 0])).toBe(false)
  })

  test('the lock file names no download address', () => {
    expect(matches(['package-lock.json'], /"resolved": "https?:/)).toEqual([])
  })
})

type Version = readonly [number, number, number]
const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/** Whether an engines range such as `^20.19 || >=22` takes this version; covers the operators npm packages use there. */
const accepts = (range: string, version: Version): boolean =>
  range.split('||').some((part) =>
    [...part.matchAll(/(\^|~|>=|<=|>|<|=)?\s*v?(\d+|\*)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?/g)].every(
      ([, operator, major, minor, patch]) => {
        if (major === '*') return true
        const bound: Version = [Number(major), Number(minor) || 0, Number(patch) || 0]
        const order = compare(version, bound)
        if (operator === '>=') return order >= 0
        if (operator === '>') return order > 0
        if (operator === '<=') return order <= 0
        if (operator === '<') return order < 0
        return version[0] === bound[0] && order >= 0
      },
    ),
  )

describe('the linter', () => {
  /** The rules broken by each planted file, found by a real run with the project's own configuration. */
  const lint = (planted: Record<string, string>): Record<string, string> => {
    const place = mkdtempSync(join(tmpdir(), 'aelf-lint-'))
    try {
      const { vcs: _, ...config } = readJson('biome.json') as Record<string, unknown>
      writeFileSync(`${place}/biome.json`, JSON.stringify(config))
      for (const [path, code] of Object.entries(planted)) {
        mkdirSync(dirname(`${place}/${path}`), { recursive: true })
        writeFileSync(`${place}/${path}`, code)
      }
      const biome = `${root}/node_modules/@biomejs/biome/bin/biome`
      const options = ['lint', '--max-diagnostics=none', '--colors=off']
      const run = (path: string): string => {
        const done = spawnSync(process.execPath, [biome, ...options, path], { cwd: place, encoding: 'utf8' })
        return done.stdout + done.stderr
      }
      return Object.fromEntries(Object.keys(planted).map((path) => [path, run(path)]))
    } finally {
      rmSync(place, { recursive: true })
    }
  }

  test('refuses platform in a deterministic room, and only there', () => {
    const clock = 'export const now = (): number => Date.now()\n'
    const [inside, outside, engine] = ['kernel', 'node', 'consensus/dpos'].map(
      (room) => `packages/chain/src/${room}/canary.ts`,
    ) as [string, string, string]
    const found = lint({
      [inside]: clock,
      [outside]: clock,
      [engine]: "import fs from 'node:fs'\nexport const f = fs\n",
    })
    expect(found[inside]).toContain('noRestrictedGlobals')
    expect(found[outside]).not.toContain('noRestrictedGlobals')
    expect(found[engine]).toContain('noRestrictedImports')
  })

  test('refuses what the house refuses anywhere', () => {
    const planted: Record<string, string> = {
      noDefaultExport: 'export default 1\n',
      noExplicitAny: 'export const f = (x: any): any => x\n',
      noNonNullAssertion: 'export const f = (x?: string): string => x!\n',
      noExcessiveLinesPerFunction: `export const f = (): void => {\n${'  f()\n'.repeat(80)}}\n`,
      noExcessiveLinesPerFile: 'export const f = 1\n'.repeat(501),
      noProcessEnv: 'export const e = (): string | undefined => process.env.HOME\n',
      noReExportAll: "export * from './other.ts'\n",
      useMaxParams: 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1): number[] => [a, b, c, d, e]\n',
    }
    const path = (rule: string): string => `packages/chain/src/node/${rule}.ts`
    const found = lint(Object.fromEntries(Object.entries(planted).map(([rule, code]) => [path(rule), code])))
    for (const rule of Object.keys(planted)) expect(found[path(rule)]).toContain(rule)
  })
})
