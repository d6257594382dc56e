import { expect, test } from 'vitest'
import { decodeHeader, decodeTransaction, encodeTransaction } from '#kernel'
import { createPrng, utf8ToBytes } from '#primitives'
import { checkAnswer, serverOf } from './rpc.ts'
import { honestChain, openVictim, receiver } from './world.ts'

/** Inputs that are known to hurt programs of this kind; each one once. */
const call = (method: string, params: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`
const numbers = (digits: number): string => '9'.repeat(digits)

interface Line {
  readonly why: string
  readonly text: string
  /** Name of the refusal, or a part of the answer. */
  readonly says: string
}

const transfer = (amount: string, to = `"${receiver}"`): string =>
  call(
    'aelf_simulate',
    `[{"from":"${receiver}","contract":"token","method":"transfer","args":{"to":${to},"symbol":"ELF","amount":${amount}}}]`,
  )

const lines: readonly Line[] = [
  { why: 'a pattern that backtracks', text: call('aelf_call', `["${'a'.repeat(28)}!","balanceOf"]`), says: 'rpc.invalidParams' },
  { why: 'a text that a pattern for numbers walks twice', text: call('aelf_getBlock', `["${'0'.repeat(100_000)}x"]`), says: 'rpc.invalidParams' },
  { why: 'an integer of a million digits, as text', text: transfer(`"${numbers(1_000_000)}"`), says: 'rpc.invalidParams' },
  { why: 'an integer of a million digits, as a number', text: transfer(numbers(1_000_000)), says: 'rpc.parse' },
  { why: 'an integer just too long', text: transfer(`"${numbers(79)}"`), says: 'contract.invalidArguments' },
  { why: 'a number that loses its last digit', text: transfer('9007199254740993'), says: 'contract.invalidArguments' },
  { why: 'a number above every double', text: transfer('1e400'), says: 'rpc.invalidParams' },
  { why: 'a block number above every double', text: call('aelf_getBlock', '[1e400]'), says: 'rpc.invalidParams' },
  { why: 'a negative zero', text: call('aelf_getBlock', '[-0]'), says: '"height":"0"' },
  { why: 'a key given twice', text: call('aelf_getBlock', '["latest",{"transactions":"full","transactions":"ids"}]'), says: '"result"' },
  { why: 'a method given twice', text: '{"jsonrpc":"2.0","id":1,"method":"aelf_chainInfo","method":"aelf_devAccounts"}', says: 'rpc.notDevnet' },
  { why: 'keys that look like places of a list', text: call('aelf_getBlock', '{"1":{},"0":"latest"}'), says: 'rpc.invalidParams' },
  { why: 'a prototype in an options object', text: call('aelf_getBlock', '["latest",{"__proto__":{"transactions":"full"}}]'), says: 'rpc.invalidParams' },
  { why: 'a prototype among named arguments', text: call('aelf_call', '["token","balanceOf",{"__proto__":{"account":"x"}}]'), says: 'contract.invalidArguments' },
  { why: 'a method of every object', text: call('constructor', '[]'), says: 'rpc.methodNotFound' },
  { why: 'a method of every object', text: call('__proto__', '[]'), says: 'rpc.methodNotFound' },
  { why: 'half a character', text: call('aelf_call', `["token","balanceOf",{"account":"${receiver}","symbol":"\\ud800"}]`), says: 'contract.invalidArguments' },
  { why: 'a character of another alphabet', text: call('aelf_getBlock', '["l\\u0430test"]'), says: 'rpc.invalidParams' },
  { why: 'digits of another alphabet', text: transfer('"\\u0661\\u0662"'), says: 'contract.invalidArguments' },
  { why: 'a mark of byte order', text: `\ufeff${call('aelf_chainInfo', '[]')}`, says: 'rpc.parse' },
  { why: 'lists in lists', text: '['.repeat(100_000), says: 'rpc.nestedTooDeep' },
  { why: 'objects in objects', text: '{"a":'.repeat(100_000), says: 'rpc.nestedTooDeep' },
  { why: 'ten thousand calls', text: `[${new Array(10_000).fill('1').join(',')}]`, says: 'rpc.batchTooLarge' },
  { why: 'an address with a space', text: call('eth_getBalance', `["${receiver} "]`), says: 'rpc.invalidParams' },
] // biome-ignore format: a table

test.each(lines)('behavior: $why', { timeout: 60_000 }, async ({ text, says }) => {
  const victim = await openVictim(await honestChain())
  const answer = await serverOf(victim).answer(utf8ToBytes(text))
  expect(checkAnswer(answer.text)).toBeUndefined()
  expect(answer.text).toContain(says)
  expect(victim.errors).toEqual([])
  expect(({} as Record<string, unknown>)['transactions']).toBeUndefined()
  await victim.node.stop()
})

test('behavior: a count that promises more than there is takes no memory', () => {
  const prng = createPrng('counts')
  for (const decode of [decodeTransaction, decodeHeader]) {
    const bytes = prng.bytes(64).fill(0xff, 8)
    const before = process.memoryUsage().arrayBuffers
    for (let count = 0; count < 1_000; count += 1) expect(() => decode(bytes)).toThrow()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  }
})

test('behavior: one transaction has one encoding', async () => {
  const { transfers } = await honestChain()
  for (const transaction of transfers) {
    const bytes = encodeTransaction(transaction)
    expect(encodeTransaction(decodeTransaction(bytes))).toEqual(bytes)
    expect(() => decodeTransaction(Uint8Array.from([...bytes, 0]))).toThrow()
  }
})
