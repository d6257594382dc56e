import { describe, expect, test } from 'vitest'
import { ExecutionError } from '#executor'
import { taggedHash } from '#primitives'
import { nodeExitCode, nodeExitCodes } from '../exitCodes.ts'
import { openingError } from './collectionWatch.ts'

describe('a node that holds blocks of a collection which is not installed any more', () => {
  test('error: says what every node says that cannot go on, whatever part of it finds out first', () => {
    const collection = taggedHash('aelf/gone/1')
    const cause = new ExecutionError('execution.collection', 'block 35 runs with …', {
      details: { collection, height: '35' },
    })
    const error = openingError(cause)
    expect(error).toMatchObject({ code: 'node.collection', details: { collection, height: '35' } })
    expect(String(error)).toContain('aelf collection install')
    expect(nodeExitCode(error)).toBe(nodeExitCodes.collection)
    const other = new Error('something else')
    expect(openingError(other)).toBe(other)
  })
})
