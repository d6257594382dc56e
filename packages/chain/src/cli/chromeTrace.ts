import type { OperatorSpanView } from '#rpc/client'

type Step = OperatorSpanView['step']

const STEPS: readonly Step[] = ['verify', 'execute', 'root', 'commit']
/** More lanes of one step than are ever in work at once. */
const LANES = 100

/** One event of a trace as browsers read it (`chrome://tracing`, Perfetto); times in microseconds. */
type TraceEvent = Readonly<Record<'name' | 'ph', string>> & {
  readonly pid: number
  readonly tid: number
  readonly cat?: string
  readonly ts?: number
  readonly dur?: number
  readonly args: Readonly<Record<string, string | number>>
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms'
  readonly traceEvents: readonly TraceEvent[]
}

/** Steps of one kind in lanes in which nothing overlaps, each lane a row of the picture. */
function lanesOf(spans: readonly OperatorSpanView[]): OperatorSpanView[][] {
  const lanes: OperatorSpanView[][] = []
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const free = lanes.find((lane) => (lane.at(-1)?.endMs ?? 0) <= span.startMs)
    if (free === undefined) lanes.push([span])
    else free.push(span)
  }
  return lanes
}

/** The steps of blocks as a trace: one row for each step, more where blocks overlap in it. */
export function chromeTrace(spans: readonly OperatorSpanView[]): ChromeTrace {
  const traceEvents: TraceEvent[] = []
  for (const [row, step] of STEPS.entries()) {
    for (const [lane, inLane] of lanesOf(spans.filter((span) => span.step === step)).entries()) {
      const place = { pid: 1, tid: row * LANES + lane + 1 }
      const title = lane === 0 ? step : `${step} ${lane + 1}`
      traceEvents.push({ name: 'thread_name', ph: 'M', ...place, args: { name: title } })
      traceEvents.push({ name: 'thread_sort_index', ph: 'M', ...place, args: { sort_index: place.tid } })
      for (const { height, startMs, endMs } of inLane) {
        const [ts, dur] = [Math.round(startMs * 1000), Math.round((endMs - startMs) * 1000)]
        traceEvents.push({ name: `${step} ${height}`, cat: step, ph: 'X', ts, dur, ...place, args: { height } })
      }
    }
  }
  return { displayTimeUnit: 'ms', traceEvents }
}

/** Blocks that were executed, and those of them during which the signatures of the next were verified. */
export function overlapsOf(spans: readonly OperatorSpanView[]): {
  readonly executed: number
  readonly overlapped: number
} {
  const executed = spans.filter(({ step }) => step === 'execute')
  const verifying = new Map<string, OperatorSpanView[]>()
  for (const span of spans) {
    if (span.step === 'verify') verifying.set(span.height, [...(verifying.get(span.height) ?? []), span])
  }
  const overlapped = executed.filter((one) =>
    (verifying.get(String(BigInt(one.height) + 1n)) ?? []).some(
      (next) => next.startMs < one.endMs && next.endMs > one.startMs,
    ),
  )
  return { executed: executed.length, overlapped: overlapped.length }
}
