// The thirteen figures as a table for BENCHMARKS.md, from what `npm run bench -- --json=A` and `npm run bench:peers -- --json=B` wrote:
// npx tsx packages/chain/bench/figures.ts A B
import { readFileSync } from 'node:fs'
import type { Row } from './harness.ts'
import type { BenchRun, PeerRow, PeersRun } from './report.ts'

/** One value of a figure. A bound says which side is good. */
interface Measure {
  readonly label: string
  readonly value: number | undefined
  readonly unit: string
  readonly must?: Bound
  readonly aim?: Bound
  /** What stands beside the value. */
  readonly note?: string
}

type Bound = readonly ['≥' | '≤', number]

interface Figure {
  readonly title: string
  readonly measures: readonly Measure[]
}

interface Runs {
  readonly bench: BenchRun
  readonly peers: PeersRun
}

function rowOf({ bench }: Runs, part: string, name: string): Row | undefined {
  return bench.parts[part]?.rows.find((row) => row.name.startsWith(name))
}

function peerOf({ peers }: Runs, work: string, name: string): PeerRow | undefined {
  return peers.works[work]?.find((row) => row.name.startsWith(name))
}

const own = (runs: Runs, work: string, unit: string): Measure => ({
  label: 'aelf',
  value: peerOf(runs, work, 'aelf')?.value,
  unit,
})

function times(runs: Runs, work: string, peer: string, bounds: Pick<Measure, 'must' | 'aim' | 'note'> = {}): Measure {
  return { label: `to ${peer}`, value: peerOf(runs, work, peer)?.ratio, unit: '×', ...bounds }
}

/** The ratio with 32 connections, to stand beside the one with many. */
function few(runs: Runs, peer: string): Pick<Measure, 'note'> {
  const ratio = peerOf(runs, 'few', peer)?.ratio
  return ratio === undefined ? {} : { note: `(${ratio.toPrecision(3)} with 32 connections)` }
}

function peerFigures(runs: Runs): Figure[] {
  const ofLimit = rowOf(runs, 'endToEnd', '100 a request, 8 connections: in a durable block')?.ofLimit
  return [
    {
      title: 'end-to-end transfers/s, one signed transaction a request, 128 connections, load from the same cores',
      measures: [
        own(runs, 'single', 'tx/s'),
        times(runs, 'single', 'anvil', { must: ['≥', 1], aim: ['≥', 1.5], ...few(runs, 'anvil') }),
        times(runs, 'single', 'hardhat', { must: ['≥', 3], ...few(runs, 'hardhat') }),
        times(runs, 'single', 'ganache'),
      ],
    },
    {
      title: 'the same, 100 a request, 8 connections',
      measures: [
        own(runs, 'batch', 'tx/s'),
        {
          label: 'of L',
          value: ofLimit === undefined ? undefined : 100 * ofLimit,
          unit: '%',
          must: ['≥', 50],
          aim: ['≥', 75],
        },
        times(runs, 'batch', 'anvil', { must: ['≥', 1.8], aim: ['≥', 3] }),
        times(runs, 'batch', 'hardhat'),
      ],
    },
    {
      title: 'import of a foreign block of 10,000 transfers from bytes, signatures included',
      measures: [
        own(runs, 'import', 'tx/s'),
        times(runs, 'import', '@ethereumjs/vm', { must: ['≥', 30], aim: ['≥', 80] }),
        times(runs, 'import', 'lisk-sdk', { must: ['≥', 4], aim: ['≥', 10] }),
      ],
    },
    {
      title: 'execution of 10,000 independent transfers, signatures known, receipts and three roots',
      measures: [
        own(runs, 'execute', 'tx/s'),
        times(runs, 'execute', 'anvil', { must: ['≥', 0.5], aim: ['≥', 1.5] }),
        times(runs, 'execute', 'hardhat'),
      ],
    },
  ]
}

/** What the version before it takes, once nobody holds it. */
const GIVEN_BACK = 'the version before it given back, in the pauses, 1,000,000'
const AS_A_NODE = ': as a node decides'

/** Speed-ups of the parallel executor as a node uses it; what sharing always would cost stands in the part itself. */
function parallelFigure({ bench, peers }: Runs): Figure {
  const rows = (bench.parts['parallel']?.rows ?? []).filter(({ name }) => name.endsWith(AS_A_NODE))
  const measures = rows.map(({ name, ratio }): Measure => {
    const work = name.slice(0, -AS_A_NODE.length)
    const bare = rowOf({ bench, peers }, 'parallel', `${work}: two bare threads`)?.value
    const note = bare === undefined ? '' : `(two bare threads ${bare.toFixed(2)} ×)`
    const measure = { label: work, value: ratio, unit: '×', note }
    const us = Number(/^([\d.]+) µs/.exec(name)?.[1] ?? 0)
    if (name.includes('conflict')) return { ...measure, must: ['≥', 0.97], aim: ['≥', 1.4] }
    if (us < 5) return { ...measure, must: ['≥', 0.97] }
    return { ...measure, must: ['≥', 1.5], ...(us < 20 ? {} : { aim: ['≥', 1.8] as const }) }
  })
  return { title: 'parallel speed-up on two cores as a node decides, contract work and plain transfers', measures }
}

function stateFigures(runs: Runs): Figure[] {
  const ratio = (part: string, name: string): number | undefined => rowOf(runs, part, name)?.ratio
  return [
    {
      title: 'state root, 20,000 changed of 1,000,000 accounts, to the hashes alone by the native hasher',
      measures: [
        { label: '', value: ratio('state', 'update and root, 1,000,000'), unit: '×', must: ['≤', 3], aim: ['≤', 1.5] },
        { label: 'in the pauses after it', value: rowOf(runs, 'state', GIVEN_BACK)?.value, unit: 'ms' },
      ],
    },
    {
      title: 'durable commit of a block that changes 20,000 values, to the raw store writing the same',
      measures: [{ label: '', value: ratio('durable', 'commit'), unit: '×', must: ['≤', 3], aim: ['≤', 1.5] }],
    },
    {
      title: 'balance reads over RPC while blocks of 1,000 are produced, to a bare `node:http`',
      measures: [
        {
          label: '',
          value: (ratio('reads', 'while blocks') ?? Number.NaN) * 100,
          unit: '%',
          must: ['≥', 40],
          aim: ['≥', 60],
        },
        { label: 'p99', value: rowOf(runs, 'reads', 'the same: answer p99')?.value, unit: 'ms', aim: ['≤', 3] },
      ],
    },
  ]
}

function nodeFigures(runs: Runs): Figure[] {
  const value = (part: string, name: string): number | undefined => rowOf(runs, part, name)?.value
  const inSeconds = (name: string): number | undefined => {
    const ms = value('start', name)
    return ms === undefined ? undefined : ms / 1000
  }
  const { bench } = runs
  return [
    {
      title: 'submit latency p50, one connection, accepted after the signature check, on disk',
      measures: [
        {
          label: '',
          value: value('endToEnd', '1 a request, 1 connection'),
          unit: 'ms',
          must: ['≤', 1.5],
          aim: ['≤', 0.6],
        },
        { label: 'anvil (in memory)', value: peerOf(runs, 'submit', 'anvil')?.value, unit: 'ms' },
      ],
    },
    {
      title: 'sync of a late joiner: full blocks · empty blocks',
      measures: [
        {
          label: 'of L',
          value: (rowOf(runs, 'sync', 'transfers imported')?.ofLimit ?? Number.NaN) * 100,
          unit: '%',
          must: ['≥', 50],
          aim: ['≥', 80],
        },
        { label: '', value: value('sync', 'blocks imported'), unit: 'blocks/s', must: ['≥', 2000], aim: ['≥', 8000] },
      ],
    },
    {
      title: 'memory: start · 1,000,000 accounts more',
      measures: [
        { label: '', value: value('start', 'memory (RSS), empty'), unit: 'MiB', must: ['≤', 120], aim: ['≤', 90] },
        {
          label: 'more by',
          value: value('start', 'memory (RSS), 1,000,000'),
          unit: 'MiB',
          must: ['≤', 250],
          aim: ['≤', 120],
        },
      ],
    },
    {
      title: 'start to the first RPC answer: empty · 1,000,000 accounts',
      measures: [
        { label: '', value: inSeconds('first answer, empty'), unit: 's', must: ['≤', 1], aim: ['≤', 0.33] },
        { label: '', value: inSeconds('first answer, 1,000,000'), unit: 's', must: ['≤', 4], aim: ['≤', 1.5] },
      ],
    },
    {
      title: 'the whole of `npm run bench`; it fails on a loss of more than 15 %',
      measures: [
        { label: '', value: bench.isWhole ? bench.seconds : undefined, unit: 's', must: ['≤', 180] },
        { label: 'ratios lost', value: bench.lost, unit: '' },
      ],
    },
  ]
}

const text = (value: number): string =>
  value >= 1000
    ? Math.round(value).toLocaleString('en')
    : value >= 100
      ? value.toFixed(0)
      : String(Number(value.toPrecision(3)))

const isKnown = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value)
const meets = (value: number, bound: Bound): boolean => (bound[0] === '≥' ? value >= bound[1] : value <= bound[1])
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ')

function boundsOf(measures: readonly Measure[], kind: 'must' | 'aim'): string {
  return joined(
    measures.map(({ label, unit, [kind]: bound }) =>
      bound === undefined ? '' : `${bound[0]} ${text(bound[1])} ${unit} ${label}`.trim(),
    ),
  )
}

function verdictOf(measures: readonly Measure[]): string {
  const all = (kind: 'must' | 'aim'): boolean | undefined => {
    const bound = measures.filter((measure) => measure[kind] !== undefined)
    if (bound.length === 0) return kind === 'must' ? undefined : false
    if (bound.some(({ value }) => !isKnown(value))) return undefined
    return bound.every(({ value = Number.NaN, [kind]: limit }) => limit === undefined || meets(value, limit))
  }
  const [must, aim] = [all('must'), all('aim')]
  if (must === undefined) return 'not measured'
  if (!must) return '**missed**'
  return aim === true ? 'aim' : 'must'
}

function lineOf({ title, measures }: Figure, index: number): string {
  const measured = joined(
    measures.map(({ label, value, unit, note = '' }) =>
      isKnown(value) ? `${text(value)} ${unit} ${label} ${note}`.replaceAll('  ', ' ').trim() : '',
    ),
  )
  return `| ${index + 1} | ${title} | ${boundsOf(measures, 'must')} | ${boundsOf(measures, 'aim')} | ${measured} | ${verdictOf(measures)} |`
}

const read = <T>(file: string | undefined): T => {
  if (file === undefined) throw new Error('give the file of bench and the file of bench:peers')
  return JSON.parse(readFileSync(file, 'utf8')) as T
}
const runs: Runs = { bench: read<BenchRun>(process.argv[2]), peers: read<PeersRun>(process.argv[3]) }
const [single, batch, imported, executed] = peerFigures(runs)
const [submit, sync, memory, start, whole] = nodeFigures(runs)
const figures = [
  single,
  batch,
  imported,
  executed,
  parallelFigure(runs),
  ...stateFigures(runs),
  submit,
  sync,
  memory,
  start,
  whole,
]
const { date, machine, node, commit, foreign } = runs.bench
const peersForeign = Math.max(...Object.values(runs.peers.works).flatMap((rows) => rows.map((row) => row.foreign)))
const lines = [
  `${date}, commit ${commit} (peers: ${runs.peers.date}, ${runs.peers.commit}), Node ${node}, ${machine}. Others used ${text(foreign * 100)} % of the cores during`,
  `\`bench\`, up to ${text(peersForeign * 100)} % during \`bench:peers\`.`,
  '',
  '| # | figure | must | aim | measured | reached |',
  '| ---: | --- | --- | --- | --- | --- |',
  ...figures.flatMap((figure, index) => (figure === undefined ? [] : [lineOf(figure, index)])),
]
process.stdout.write(`${lines.join('\n')}\n`)
