import { describe, expect, test } from 'vitest'
import { type AlertFacts, type AlertWish, findAlerts, findFinalityAlert } from './alertRules.ts'
import { alertKinds } from './alertViews.ts'

const facts: AlertFacts = {
  delegate: '0x01',
  name: 'Alder',
  slots: [],
  exclusions: [],
  terms: [],
  rank: 3,
  seats: 17,
  wasInside: true,
  lineSinceMs: 7,
  height: 100n,
}
const wish: AlertWish = { kinds: alertKinds, missedInRow: 2, fromSlot: 10n, fromHeight: 10n }
const slots = (text: string, first = 11): AlertFacts['slots'] =>
  [...text].map((mark, index) => ({ slot: BigInt(first + index), missed: mark === 'x', reason: 'offline' }))
const kindsOf = (over: Partial<AlertFacts>, wanted: Partial<AlertWish> = {}): string[] =>
  findAlerts({ ...facts, ...over }, { ...wish, ...wanted }).map(({ kind }) => kind)

describe('missed slots', () => {
  test('default: a run is told once, by the slot that makes it long enough', () => {
    const events = findAlerts({ ...facts, slots: slots('.xx.x.xxxx') }, wish)
    expect(events.map(({ key }) => key)).toEqual(['0x01 missed 2 13', '0x01 missed 2 18'])
    expect(events[0]).toMatchObject({
      title: 'Alder missed 2 slots in a row',
      detail: expect.stringContaining('Slot 13'),
    })
    expect(kindsOf({ slots: slots('.x.x') }, { missedInRow: 1 })).toEqual(['missed', 'missed'])
  })

  test('behavior: found again it has the same key, and what was before the wish is no news', () => {
    const again = findAlerts({ ...facts, slots: slots('xx.....') }, wish).map(({ key }) => key)
    expect(again).toEqual(findAlerts({ ...facts, slots: slots('xx') }, wish).map(({ key }) => key))
    expect(kindsOf({ slots: slots('xx') }, { fromSlot: 12n })).toEqual([])
  })
})

describe('exclusion', () => {
  const round = (number: number, untilMs?: number) => ({
    round: number,
    startSlot: BigInt(10 + number),
    untilMs,
    failures: 1,
  })

  test('default: its begin and its end are told, each once', () => {
    const exclusions = [round(1), round(2, 5_000), round(3, 5_000), round(4)]
    expect(kindsOf({ exclusions })).toEqual(['excluded', 'returned'])
    expect(kindsOf({ exclusions: [round(1, 5_000), round(2, 9_000)] })).toEqual(['excluded'])
  })

  test('behavior: one that ran already is no news', () => {
    expect(kindsOf({ exclusions: [round(2, 5_000), round(3, 5_000)] })).toEqual([])
    expect(kindsOf({ exclusions: [round(1), round(2, 5_000)] }, { fromSlot: 12n })).toEqual([])
  })
})

describe('election', () => {
  const term = (number: number, isProducer: boolean) => ({ term: number, height: BigInt(number * 20), isProducer })

  test('default: coming in and dropping out', () => {
    expect(kindsOf({ terms: [term(1, false), term(2, true), term(3, true), term(4, false)] })).toEqual([
      'elected',
      'dropped',
    ])
    expect(kindsOf({ terms: [term(1, false), term(2, true)] }, { fromHeight: 40n })).toEqual([])
  })

  test('default: crossing the line in both directions, and nothing the first time', () => {
    expect(kindsOf({ rank: 18 })).toEqual(['cutLine'])
    expect(kindsOf({ rank: 17 })).toEqual([])
    expect(kindsOf({ rank: undefined })).toEqual(['cutLine'])
    expect(kindsOf({ rank: 17, wasInside: false })).toEqual(['cutLine'])
    expect(kindsOf({ rank: 18, wasInside: undefined })).toEqual([])
  })

  test('behavior: only what was asked for is told', () => {
    expect(kindsOf({ rank: 18, slots: slots('xx') }, { kinds: ['missed'] })).toEqual(['missed'])
  })
})

test('finality: told once a height, after three rounds without progress', () => {
  const stall = { finalizedHeight: 50n, height: 60n, sinceMs: 0, roundMs: 72_000 }
  expect(findFinalityAlert({ ...stall, nowMs: 215_000 })).toEqual([])
  expect(findFinalityAlert({ ...stall, nowMs: 216_000 })).toMatchObject([{ key: 'finality 50' }])
  expect(findFinalityAlert({ ...stall, roundMs: 100, nowMs: 59_000 })).toEqual([])
})
