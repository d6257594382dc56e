import { expect, test } from 'vitest'
import { createBreather } from './breather.ts'

test('behavior: what waits has a turn, but a slow turn is not followed by another at once', async () => {
  const breathe = createBreather()
  const order: string[] = []
  setImmediate(() => {
    const end = performance.now() + 20
    while (performance.now() < end);
    order.push('slow')
  })
  await breathe()
  order.push('block')
  setImmediate(() => order.push('later'))
  await breathe()
  order.push('block')
  expect(order).toEqual(['slow', 'block', 'block'])
})
