import type { SignalStripView, UpgradeRuleView } from '@aelf/governance/domain'
import { formatInteger } from '#ui/number/format.ts'
import { SignalTable } from './signalTable.tsx'

type Block = SignalStripView['blocks'][number]

/** How a block is drawn: by height, of 100, so that it reads without colour. */
const MARKS = {
  shown: { height: 100, fill: 'fill-brand-line' },
  other: { height: 45, fill: 'fill-oppose' },
  none: { height: 5, fill: 'fill-line-strong' },
} as const
type Mark = keyof typeof MARKS
const KINDS: readonly Mark[] = ['shown', 'other', 'none']
const COLUMN = 0.8

const markOf = (block: Block, shown: string | undefined): Mark =>
  block.signal === undefined ? 'none' : block.signal === shown ? 'shown' : 'other'

/** What the strip shows, in words. */
function sumText({ blocks, shown }: SignalStripView, { window, lockIn }: UpgradeRuleView): string {
  if (shown === undefined)
    return `None of the last ${formatInteger(blocks.length)} blocks signals a successor. ${lockIn} of ${window} lock one in.`
  return `${formatInteger(blocks.at(-1)?.support ?? 0)} of the last ${window} blocks signal it; ${lockIn} are needed.`
}

/** The newest blocks, each with what it signals, the support that each one found, and the line that must be reached. */
export function SignalStrip({ strip, rule }: { strip: SignalStripView; rule: UpgradeRuleView }) {
  const { blocks, shown } = strip
  const { window, lockIn } = rule
  const text = sumText(strip, rule)
  const lineAt = 100 - (100 * lockIn) / window
  return (
    <figure>
      <div className="relative">
        <Chart strip={strip} rule={rule} text={text} />
        <span
          aria-hidden="true"
          className="num absolute start-1.5 -translate-y-1/2 rounded bg-surface px-1 text-[0.6875rem] font-semibold ring-1 ring-line"
          style={{ top: `${lineAt}%` }}
        >{`${lockIn} of ${window}`}</span>
      </div>
      <div className="mt-1.5 flex justify-between text-xs text-ink-3">
        <span className="num">{blocks[0] === undefined ? '' : `Block ${formatInteger(blocks[0].height)}`}</span>
        <span className="num">
          {blocks.length === 0 ? 'no block yet' : `${formatInteger(blocks.at(-1)?.height ?? 0n)}, newest`}
        </span>
      </div>
      <figcaption className="mt-3 text-sm text-ink-2">{text}</figcaption>
      <Legend shown={shown !== undefined} />
      <SignalTable blocks={blocks} />
    </figure>
  )
}

function Chart({ strip, rule, text }: { strip: SignalStripView; rule: UpgradeRuleView; text: string }) {
  const { blocks, shown } = strip
  const { window, lockIn } = rule
  const empty = window - blocks.length
  const above = (count: number): number => 100 - (100 * count) / window
  const columns = (kind: Mark): string =>
    blocks
      .flatMap((block, index) =>
        markOf(block, shown) === kind
          ? `M${empty + index + (1 - COLUMN) / 2} 100v-${MARKS[kind].height}h${COLUMN}V100z`
          : [],
      )
      .join('')
  const support = blocks.map((block, index) => `${empty + index + 0.5},${above(block.support)}`).join(' ')
  const stroke = { fill: 'none', strokeWidth: 2, vectorEffect: 'non-scaling-stroke' } as const
  return (
    <svg
      role="img"
      aria-label={text}
      viewBox={`0 0 ${window} 100`}
      preserveAspectRatio="none"
      className="h-32 w-full rounded-lg bg-sunken"
    >
      {KINDS.map((kind) => (
        <path key={kind} d={columns(kind)} className={MARKS[kind].fill} />
      ))}
      {shown === undefined ? null : <polyline points={support} {...stroke} className="stroke-brand" />}
      <line
        x1={0}
        x2={window}
        y1={above(lockIn)}
        y2={above(lockIn)}
        strokeDasharray="6 3"
        {...stroke}
        className="stroke-ink"
      />
    </svg>
  )
}

const LEGEND = [
  { text: 'signals it', mark: 'h-3 bg-brand-line', always: false },
  { text: 'signals another one', mark: 'h-1.5 bg-oppose', always: false },
  { text: 'signals none', mark: 'h-0.5 bg-line-strong', always: true },
  { text: 'support that each block found', mark: 'h-0.5 w-4! bg-brand', always: false },
  { text: 'the line to reach', mark: 'h-0 w-4! border-t-2 border-dashed border-ink', always: true },
] as const

const Legend = ({ shown }: { shown: boolean }) => (
  <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2" aria-label="Legend">
    {LEGEND.filter(({ always }) => always || shown).map(({ text, mark }) => (
      <li key={text} className="flex items-center gap-1.5">
        <span aria-hidden="true" className="flex h-3 items-end">
          <span className={`block w-2 ${mark}`} />
        </span>
        <span>{text}</span>
      </li>
    ))}
  </ul>
)
