import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createDevnetChain } from '#chains'
import { createLogger, type NodeConfig, readNodeConfig, startNode, VERSION } from '#node'
import { shrinkwrapOf } from './scripts/lockfile.mjs'
import { isShipped, publishedManifest } from './scripts/pack.mjs'

const at = (...names: string[]): string => join(import.meta.dirname, ...names)
const text = (...names: string[]): Promise<string> => readFile(at(...names), 'utf8')
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

/** What one node of a network answers to Prometheus. */
async function exported(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packaging-'))
  const file = join(folder, 'genesis.json')
  const free = 'p2p: { listen: ["/ip4/127.0.0.1/tcp/0"] }\nrpc: { port: 0 }\nmetrics: { port: 0 }'
  const config: NodeConfig = {
    ...readNodeConfig({ text: `dataDir: ./data\ngenesis: ${file}\n${free}`, folder }),
    genesis: genesisOptions(),
  }
  const node = await startNode(config, { logger: createLogger('silent') })
  try {
    return await (await fetch(node.metricsUrl ?? '')).text()
  } finally {
    await node.stop()
    await rm(folder, { recursive: true })
  }
}

function genesisOptions(): Exclude<NodeConfig['genesis'], string> {
  const { delegates } = createDevnetChain({
    genesisTimeMs: 0,
    slotMs: 1_000,
    delegates: 1,
    backups: 0,
    seed: 'p',
    reveals: 10,
  })
  const [one] = delegates
  if (one === undefined) throw new Error('a delegate')
  const { address, reveals } = one
  return {
    network: 'figures',
    chainId: 1,
    genesisTimeMs: Date.now(),
    slotMs: 1_000,
    termSeconds: 604_800,
    producers: [{ address, commitment: reveals.commitment }],
    candidates: [],
    votes: [],
    balances: [],
    foundation: address,
  }
}

test('the package starts the program with the flags that its own first line names', async () => {
  const [, flags] = /^#!\/usr\/bin\/env -S node (.*)\n/.exec(await text('..', 'bin', 'aelf.js')) ?? []
  expect(flags).toMatch(/^--/)
  expect(await text('debian', 'aelf')).toContain(`/bin/node ${flags} /usr`)
})

describe('monitoring', () => {
  let names: Set<string>
  beforeAll(async () => {
    names = new Set(
      [...(await exported()).matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', kind]) =>
        kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    )
  })
  const metricsIn = (expressions: string): string[] => [
    ...new Set(expressions.match(/\b(?:aelf|process|nodejs)_[a-z0-9_]+\b/g)),
  ]

  test('behavior: the dashboard and the alerts ask only for figures a node has', async () => {
    const dashboard = await json(at('monitoring/dashboard.json'))
    const asked = dashboard.panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    )
    expect(asked.length).toBeGreaterThan(20)
    expect(metricsIn(asked.join('\n')).filter((name) => !names.has(name))).toEqual([])
    const { groups } = parse(await text('monitoring/alerts.yml'))
    const rules: { alert: string; expr: string; annotations: Record<string, string> }[] = groups.flatMap(
      ({ rules }: { rules: object[] }) => rules,
    )
    expect(metricsIn(rules.map(({ expr }) => expr).join('\n')).filter((name) => !names.has(name))).toEqual([])
    for (const { alert, annotations } of rules)
      expect({ alert, says: Object.keys(annotations).sort() }).toEqual({ alert, says: ['description', 'summary'] })
    expect(parse(await text('monitoring/prometheus.yml')).rule_files).toEqual(['alerts.yml'])
  })

  test('behavior: every figure of a node is on the dashboard', async () => {
    const shown = metricsIn(await text('monitoring/dashboard.json'))
    const own = [...names].filter((name) => name.startsWith('aelf_') && !/_(sum|count)$/.test(name))
    expect(own.filter((name) => !shown.includes(name))).toEqual([])
  })

  test('behavior: panels do not overlap and have names', async () => {
    const { panels } = await json(at('monitoring/dashboard.json'))
    const cells = new Set<string>()
    for (const {
      id,
      title,
      gridPos: { x, y, w, h },
    } of panels) {
      expect(title, String(id)).not.toBe('')
      for (let row = y; row < y + h; row++)
        for (let column = x; column < x + w; column++) {
          expect(cells.has(`${row} ${column}`), title).toBe(false)
          cells.add(`${row} ${column}`)
        }
    }
  })
})

describe('the published package', () => {
  test('behavior: it has the name people type, this version, no sources and no tests', async () => {
    const manifest = publishedManifest(await json(at('../package.json')))
    expect(manifest).toMatchObject({ name: 'aelf', bin: { aelf: './bin/aelf.js' } })
    expect(VERSION).toBe(`aelf/${manifest.version}`)
    for (const absent of ['private', 'scripts', 'devDependencies']) expect(manifest).not.toHaveProperty(absent)
    expect(JSON.stringify(manifest)).not.toMatch(/\/src\/|testing|@aelf\//)
    expect(['cli/run.js', 'cli/run.d.ts'].every(isShipped)).toBe(true)
    expect(
      [
        'cli/run.test.js',
        'testing/index.js',
        'cli/testing/run.js',
        'cli/run.js.map',
        '.effects.tsbuildinfo',
        'sim/run.js',
      ].some(isShipped),
    ).toBe(false)
  })

  test('behavior: its lock is the part of the repository’s that it needs, whole', async () => {
    const manifest = publishedManifest(await json(at('../package.json')))
    const lock = await json(at('../../../package-lock.json'))
    const own = shrinkwrapOf(lock, 'packages/chain', manifest)
    for (const [name, version] of Object.entries<string>(manifest.dependencies))
      expect(own.packages[`node_modules/${name}`]?.version).toBe(version)
    expect(Object.keys(own.packages).some((name) => /node_modules\/(next|vitest|typescript)$/.test(name))).toBe(false)
    expect(() => shrinkwrapOf({ ...lock, packages: {} }, 'packages/chain', manifest)).toThrow('has no')
  })
})

describe('the service and the image', () => {
  test('behavior: the service restarts only what restarting can repair, and owns only its folder', async () => {
    const unit = await text('systemd/aelf.service')
    for (const line of [
      'RestartPreventExitStatus=2 5 6 7',
      'DynamicUser=yes',
      'StateDirectory=aelf',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      // A call outside of the filter must fail, not kill: Node's engine tries a few that it can do without.
      'SystemCallErrorNumber=EPERM',
    ])
      expect(unit).toContain(line)
    expect(await text('debian/postrm')).not.toContain('rm ')
  })

  test('behavior: the image runs as nobody in particular, says how it is, and holds no secrets', async () => {
    const file = await text('docker/Dockerfile')
    const last = file.slice(file.lastIndexOf('FROM '))
    expect(last).toMatch(/^USER 10001$/m)
    expect(last).toMatch(/^HEALTHCHECK /m)
    expect(file).not.toMatch(/^(ARG|ENV) .*(TOKEN|PASSWORD|SECRET|KEY)/im)
    const compose = parse(await text('docker/compose.yaml'))
    expect(compose.services.aelf).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    expect(compose.services.aelf.ports).toContain('127.0.0.1:8545:8545')
    expect(await readdir(at('docker'))).toEqual(['Dockerfile', 'compose.yaml'])
  })
})
