// The same work on other nodes and on this one: `npm run bench:peers`.
// Options: --only=single,few,batch,import,execute,reads,submit  --peers=anvil,hardhat,ganache,ethereumjs,lisk  --rounds=3  --quick  --slot=500  --dir=FOLDER  --json=FILE
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLogger, installEngines } from '#node'
import { createPrng, type Prng } from '#primitives'
import { median } from '../harness.ts'
import { commitOf, machine, now, type PeerRow, type PeersRun } from '../report.ts'
import { aelfPeer } from './aelf.ts'
import { blockPeers, ownBlock } from './blockWorks.ts'
import { ethereumPeers } from './ethereum.ts'
import { installPeers, MANIFEST, type PeerName } from './install.ts'
import { rawPeer } from './rawPeer.ts'
import { BATCHES, type Extent, FEW, type Load, MANY, miningCall, reads, submitLatency, throughput } from './rpcWorks.ts'
import type { Contender, Measured, Work } from './types.ts'

const QUICK_SHARE = 0.1
const PEERS = Object.keys(MANIFEST) as PeerName[]

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

function worksOf(folders: ReadonlyMap<PeerName, string>, extent: Extent): Work[] {
  const nodes = [aelfPeer, ...ethereumPeers(folders)]
  const rates = { unit: 'tx/s', isTime: false }
  const sent = (key: string, figure: string, load: Load): Work => ({
    ...rates,
    key,
    title: `${figure}. End to end, signed transfers, ${load.size} a request, ${load.connections} connections, blocks every ${extent.slotMs} ms`,
    contenders: nodes.map((node) => throughput(node, extent, load)),
  })
  return [
    sent('single', '1', MANY),
    sent('few', '1', FEW),
    sent('batch', '2', BATCHES),
    {
      ...rates,
      key: 'import',
      title: '3. A block of transfers from bytes, signatures included',
      contenders: [ownBlock('import', extent.share), ...blockPeers(folders, extent.share)],
    },
    {
      ...rates,
      key: 'execute',
      title: '4. A block of transfers whose signatures are known',
      contenders: [
        ownBlock('execute', extent.share),
        ...ethereumPeers(folders).map((node) => miningCall(node, extent)),
      ],
    },
    {
      unit: 'reads/s',
      isTime: false,
      key: 'reads',
      title: '8. eth_getBalance, 32 connections, no other load',
      contenders: [...nodes, rawPeer].map((node) => reads(node, extent)),
    },
    {
      unit: 'ms',
      isTime: true,
      key: 'submit',
      title: '9. From a transaction to its acceptance, p50, one connection',
      contenders: nodes.map((node) => submitLatency(node, extent)),
    },
  ]
}

function shuffled<T>(items: readonly T[], prng: Prng): T[] {
  const order = [...items]
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = prng.int(at + 1)
    const [a, b] = [order[at], order[other]]
    if (a === undefined || b === undefined) continue
    order[at] = b
    order[other] = a
  }
  return order
}

type Samples = ReadonlyMap<Contender, (Measured | undefined)[]>

/** Every round runs every contender once, in another order each time. One that fails is named and goes on in the next round. */
async function measure(work: Work, rounds: number, prng: Prng): Promise<Samples> {
  const samples = new Map(work.contenders.map((contender) => [contender, [] as (Measured | undefined)[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of shuffled(work.contenders, prng)) {
      let found: Measured | undefined
      try {
        found = await contender.measure()
      } catch (error) {
        say(`${work.key}: ${contender.name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
      samples.get(contender)?.push(found)
    }
  }
  return samples
}

const precise = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)

/** How many times as fast this program is, round by round. */
function ratioOf(own: readonly (Measured | undefined)[], other: readonly (Measured | undefined)[], isTime: boolean) {
  const ratios = own.flatMap((mine, round) => {
    const theirs = other[round]
    if (mine === undefined || theirs === undefined) return []
    return [isTime ? theirs.value / mine.value : mine.value / theirs.value]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

function rowsOf(work: Work, samples: Samples): PeerRow[] {
  const own = work.contenders.find(({ isOwn }) => isOwn)
  const mine = (own === undefined ? undefined : samples.get(own)) ?? []
  return [...samples].map(([contender, measured]) => {
    const there = measured.filter((one) => one !== undefined)
    const firsts = there.flatMap(({ first }) => first ?? [])
    return {
      name: contender.name,
      isOwn: contender.isOwn,
      value: there.length === 0 ? undefined : median(there.map((one) => one.value)),
      first: firsts.length === 0 ? undefined : median(firsts),
      unit: work.unit,
      ratio: contender === own ? undefined : ratioOf(mine, measured, work.isTime),
      foreign: there.length === 0 ? 0 : median(there.map((one) => one.foreign)),
    }
  })
}

function print({ title }: Work, rows: readonly PeerRow[]): void {
  const head = [
    '| | median | aelf is so many times as fast | right after the start | others used |',
    '| --- | ---: | ---: | ---: | ---: |',
  ]
  const lines = rows.map(({ name, value, first, unit, ratio, foreign }) => {
    const figure = value === undefined ? 'failed' : `${precise(value)} ${unit}`
    const early = first === undefined ? '' : `${precise(first)} ${unit}`
    return `| ${name} | ${figure} | ${ratio?.toPrecision(3) ?? ''} | ${early} | ${Math.round(foreign * 100)} % |`
  })
  say(`${[`### ${title}`, '', ...head, ...lines].join('\n')}\n`)
}

const start = performance.now()
const quick = process.argv.includes('--quick')
const rounds = Number(option('rounds') ?? (quick ? 1 : 3))
const extent = { share: quick ? QUICK_SHARE : 1, slotMs: Number(option('slot') ?? 500) }
installEngines(createLogger('warn'))
const wanted = PEERS.filter((name) => (option('peers')?.split(',') ?? PEERS).includes(name))
const { folders, missing } = await installPeers(option('dir') ?? join(tmpdir(), 'aelf-peers'), wanted, say)
say(`${now()} · Node ${process.version} · ${machine} · ${commitOf()}`)
say(`${rounds} rounds, medians${quick ? `, ${QUICK_SHARE * 100} % of the work: a look, no result` : ''}\n`)
for (const { name, reason } of missing) say(`${name} is left out, it could not be installed: ${reason}`)
const works: Record<string, readonly PeerRow[]> = {}
const prng = createPrng(`peers ${Date.now()}`)
for (const work of worksOf(folders, extent)) {
  if (option('only')?.split(',').includes(work.key) === false) continue
  const rows = rowsOf(work, await measure(work, rounds, prng))
  works[work.key] = rows
  print(work, rows)
}
say(`whole run: ${((performance.now() - start) / 1000).toFixed(0)} s`)
const file = option('json')
if (file !== undefined) {
  const run: PeersRun = { date: now(), machine, node: process.version, commit: commitOf(), works }
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
}
