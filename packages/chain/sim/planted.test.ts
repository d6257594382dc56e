import { beforeAll, describe, expect, test } from 'vitest'
import { build } from './build.ts'
import { MUTANTS } from './planted.ts'
import { staleEdits } from './planting.ts'

describe('planted mistakes', () => {
  beforeAll(build, 240_000)

  test('behavior: each still fits the compiled code', () => {
    expect(MUTANTS.flatMap(staleEdits)).toEqual([])
  })

  test('error: one whose place is gone is told', () => {
    const edits = [{ file: 'store/checked.js', find: 'no such line', put: '' }]
    expect(staleEdits({ name: 'old', edits })).toEqual(['old: "no such line" stands 0 times in store/checked.js'])
  })

  test('behavior: no two have one name', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  })
})
