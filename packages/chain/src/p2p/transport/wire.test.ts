import { describe, expect, test } from 'vitest'
import { decodePong, encodePing, encodePong } from './wire.ts'

describe('signs of life', () => {
  test('default: the answer has the question and the time [P2P-CLOCK-1]', () => {
    const pong = encodePong(encodePing(7), 1_795_640_435_018.6)
    expect(decodePong(pong, 7)).toEqual({ timeMs: 1_795_640_435_018 })
    expect(decodePong(pong, 8)).toBeUndefined()
    expect(decodePong(pong.subarray(0, 12), 7)).toBeUndefined()
  })

  test('behavior: a version that knows of no time asks and is asked as before [P2P-CLOCK-1]', () => {
    const old = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7)
    expect(encodePong(old, 5)).toEqual(old)
    expect(encodePong(new Uint8Array(3), 5)).toEqual(new Uint8Array(3))
    expect(decodePong(encodePing(7), 7)).toEqual({ timeMs: undefined })
  })

  test('behavior: a time beyond all clocks is none', () => {
    const pong = encodePong(encodePing(1), 0)
    pong.fill(255, 8)
    expect(decodePong(pong, 1)).toEqual({ timeMs: undefined })
  })
})
