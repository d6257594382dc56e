import { expect, test } from 'vitest'
import { asHash, type Bytes, type Hash } from '#primitives'
import { createSubmitter } from './submitter.ts'

const idOf = (envelope: Bytes): Hash => asHash(`0x${(envelope[0] ?? 0).toString(16).padStart(64, '0')}`)
const envelope = (n: number): Bytes => Uint8Array.of(n)

test('behavior: calls of one turn of the event loop go to the node together, each gets its own answer', async () => {
  const groups: number[] = []
  const refusal = new Error('refused')
  const submit = createSubmitter({
    async submitAll(envelopes) {
      groups.push(envelopes.length)
      return envelopes.map((one) => (one[0] === 7 ? { error: refusal } : { id: idOf(one) }))
    },
  })
  const answers = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => submit(envelope(n))))
  expect(groups).toEqual([64, 36])
  expect(answers[7]).toEqual({ status: 'rejected', reason: refusal })
  expect(answers[99]).toEqual({ status: 'fulfilled', value: idOf(envelope(99)) })
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(99)
})

test('error: a node that takes nothing in refuses every call, and later ones are asked again', async () => {
  const suspended = new Error('suspended')
  let open = false
  const submit = createSubmitter({
    async submitAll(envelopes) {
      if (!open) throw suspended
      return envelopes.map((one) => ({ id: idOf(one) }))
    },
  })
  const both = await Promise.allSettled([submit(envelope(1)), submit(envelope(2))])
  expect(both.map((one) => (one.status === 'rejected' ? one.reason : undefined))).toEqual([suspended, suspended])
  open = true
  expect(await submit(envelope(3))).toBe(idOf(envelope(3)))
})
