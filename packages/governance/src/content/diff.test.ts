import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DiffHunk, diffLines } from './index.ts'

const shown = (hunks: readonly DiffHunk[]): string[] =>
  hunks.map((hunk) => hunk.map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`).join('|'))

test('default: changes with three lines around them', () => {
  const before = Array.from({ length: 20 }, (_, line) => `line ${line + 1}`)
  const after = [...before]
  after[9] = 'ten'
  expect(shown(diffLines(before.join('\n'), `${after.join('\n')}\n`))).toEqual([
    ' line 7| line 8| line 9|-line 10|+ten| line 11| line 12| line 13',
  ])
  expect(diffLines('a\nb\n', 'a\nb')).toEqual([])
  expect(shown(diffLines('', 'a\nb'))).toEqual(['+a|+b'])
  expect(shown(diffLines('a\nb', ''))).toEqual(['-a|-b'])
})

test('behavior: hunks that touch are one, others are apart', () => {
  const before = Array.from({ length: 40 }, (_, line) => `${line}`)
  const after = before.flatMap((line, at) => (at === 5 || at === 30 ? [] : at === 8 ? [line, 'new'] : [line]))
  expect(diffLines(before.join('\n'), after.join('\n')).map((hunk) => hunk.length)).toEqual([11, 7])
})

test('behavior: a shortest edit is found, and too many edits are one replacement', () => {
  expect(shown(diffLines('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc')).join().match(/[+-]/g)).toHaveLength(5)
  expect(shown(diffLines('1\nx\n2', '3\nx\n4', 1))).toEqual(['-1|-x|-2|+3|+x|+4'])
})

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })

test('property: applied to the one it gives the other, and numbers are those of the lines', () => {
  fc.assert(
    fc.property(lines, lines, fc.integer({ min: 0, max: 40 }), (a, b, editsMax) => {
      const [before, after] = [a.map((line) => `${line}\n`).join(''), b.map((line) => `${line}\n`).join('')]
      const hunks = diffLines(before, after, editsMax)
      for (const line of hunks.flat()) {
        if (line.before !== undefined) expect(a[line.before - 1]).toBe(line.text)
        if (line.after !== undefined) expect(b[line.after - 1]).toBe(line.text)
      }
      const removed = new Set(hunks.flat().flatMap(({ kind, before: at }) => (kind === 'removed' ? [at] : [])))
      const added = new Map(
        hunks.flat().flatMap(({ kind, after: at, text }) => (kind === 'added' ? [[at, text] as const] : [])),
      )
      const left = a.filter((_, at) => !removed.has(at + 1))
      const result: string[] = []
      while (result.length < b.length) result.push(added.get(result.length + 1) ?? left.shift() ?? 'missing')
      expect(result).toEqual(b)
      expect(left).toEqual([])
    }),
  )
})
