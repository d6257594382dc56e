import { expect, test } from 'vitest'
import { endConnection } from './endConnection.ts'

test('behavior: a half that is closed already does not keep the rest open, nor throws', () => {
  const calls: string[] = []
  endConnection(
    {
      abort: ({ message }) => {
        calls.push(message)
        if (calls.length === 1) throw new Error('Cannot write to a stream that is closed')
      },
    },
    new Error('not wanted'),
  )
  expect(calls).toEqual(['not wanted', 'not wanted'])
})
