/** A line of a comparison, with its number on each side where it stands there. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  readonly before?: number
  readonly after?: number
}

/** Changes with the lines around them; what lies between two hunks is the same on both sides. */
export type DiffHunk = readonly DiffLine[]

const CONTEXT = 3
/** Insertions and deletions that are looked for at most; more than this and the middle is shown as replaced. */
export const DIFF_EDITS_MAX = 600

const linesOf = (text: string): string[] => {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** What changed between two texts, line by line. */
export function diffLines(before: string, after: string, editsMax: number = DIFF_EDITS_MAX): DiffHunk[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const kept = commonLines(left, right, editsMax)
  const lines: DiffLine[] = []
  const same = (x: number, y: number): number =>
    lines.push({ kind: 'same', text: a[x] ?? '', before: x + 1, after: y + 1 })
  for (let line = 0; line < head; line++) same(line, line)
  let [x, y] = [0, 0]
  for (const [nextX, nextY] of [...kept, [left.length, right.length] as const]) {
    for (; x < nextX; x++) lines.push({ kind: 'removed', text: left[x] ?? '', before: head + x + 1 })
    for (; y < nextY; y++) lines.push({ kind: 'added', text: right[y] ?? '', after: head + y + 1 })
    if (x < left.length && y < right.length) same(head + x, head + y)
    x += 1
    y += 1
  }
  for (let line = tail; line > 0; line--) same(a.length - line, b.length - line)
  return hunksOf(lines)
}

/** Pairs of equal lines in a shortest edit (Myers); none when there are too many edits. */
function commonLines(a: readonly string[], b: readonly string[], editsMax: number): (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, editsMax)
  const furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(furthest))
    for (let k = -edits; k <= edits; k += 2) {
      const [below, above] = [furthest.get(k - 1) ?? -1, furthest.get(k + 1) ?? -1]
      let x = k === -edits || (k !== edits && below < above) ? above : below + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      furthest.set(k, x)
      if (x >= a.length && x - k >= b.length) return backtrack(trace, [a.length, b.length])
    }
  }
  return []
}

function backtrack(trace: readonly Map<number, number>[], end: readonly [number, number]): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = end
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] ?? new Map<number, number>()
    const k = x - y
    const [below, above] = [furthest.get(k - 1) ?? -1, furthest.get(k + 1) ?? -1]
    const from = k === -edits || (k !== edits && below < above) ? k + 1 : k - 1
    const fromX = edits === 0 ? 0 : (furthest.get(from) ?? 0)
    const fromY = edits === 0 ? 0 : fromX - from
    while (x > fromX && y > fromY) {
      x -= 1
      y -= 1
      pairs.push([x, y])
    }
    x = fromX
    y = fromY
  }
  return pairs.reverse()
}

function hunksOf(lines: readonly DiffLine[]): DiffHunk[] {
  const hunks: DiffLine[][] = []
  let end = -1
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same') continue
    const from = Math.max(end + 1, at - CONTEXT)
    const to = Math.min(lines.length - 1, at + CONTEXT)
    const last = hunks.at(-1)
    if (last !== undefined && from === end + 1) last.push(...lines.slice(from, to + 1))
    else hunks.push(lines.slice(from, to + 1))
    end = Math.max(end, to)
  }
  return hunks
}
