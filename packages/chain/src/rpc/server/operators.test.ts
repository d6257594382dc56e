import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { type Address, asAddress, asHash, bytesToHex, type Hex, hexToBytes } from '#primitives'
import { createOperatorDesk, type OperatorDesk } from './operators.ts'
import type { OperatorPort } from './ports.ts'

const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const addressOf = (account: { address: Hex }): Address => asAddress(account.address.toLowerCase())

const operator = {
  nodeId: '12D3KooWnode',
  info: () => ({ network: 'aelf test', genesisHash: asHash(`0x${'ab'.repeat(32)}`) }),
  isOperator: (address: Address) => address === addressOf(owner),
} as unknown as OperatorPort

function desk(): { desk: OperatorDesk; pass(ms: number): void } {
  let now = 1_700_000_000_000
  return {
    desk: createOperatorDesk({ operator, now: () => now }),
    pass: (ms) => {
      now += ms
    },
  }
}

async function paired(at: OperatorDesk, account = owner): Promise<string> {
  const { nonce, message } = at.challenge(addressOf(account))
  return at.pair(nonce, await account.signMessage({ message })).token
}
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
    return 'ok'
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

describe('operator desk', () => {
  test('default: a wallet signs the text, which says what it is for, and gets a token', async () => {
    const { desk: at } = desk()
    const { nonce, message } = at.challenge(addressOf(owner))
    for (const part of ['12D3KooWnode', 'aelf test', `0x${'ab'.repeat(32)}`, addressOf(owner), nonce]) {
      expect(message).toContain(part)
    }
    const { token, address } = at.pair(nonce, await owner.signMessage({ message }))
    expect(address).toBe(addressOf(owner))
    expect(at.holder(token)).toBe(address)
    expect(at.unpair(token)).toBe(true)
    expect(at.unpair(token)).toBe(false)
    expect(await codeOf(() => at.holder(token))).toBe('operator.tokenUnknown')
  })

  test('behavior: a hardware wallet may number signatures from 0', async () => {
    const { desk: at } = desk()
    const { nonce, message } = at.challenge(addressOf(owner))
    const bytes = hexToBytes(await owner.signMessage({ message }))
    bytes[64] = (bytes[64] ?? 27) - 27
    expect(at.pair(nonce, bytesToHex(bytes)).address).toBe(addressOf(owner))
  })

  test('error: a challenge serves once, whoever tries', async () => {
    const { desk: at } = desk()
    const { nonce, message } = at.challenge(addressOf(owner))
    const right = await owner.signMessage({ message })
    const wrong = await stranger.signMessage({ message })
    expect(await codeOf(() => at.pair(nonce, wrong))).toBe('operator.signature')
    expect(await codeOf(() => at.pair(nonce, right))).toBe('operator.nonceUnknown')
    const again = at.challenge(addressOf(owner))
    const signature = await owner.signMessage({ message: again.message })
    expect(await codeOf(() => at.pair(again.nonce, signature))).toBe('ok')
    expect(await codeOf(() => at.pair(again.nonce, signature))).toBe('operator.nonceUnknown')
    expect(await codeOf(() => at.pair('invented', right))).toBe('operator.nonceUnknown')
  })

  test('error: signatures of another text, of another account, and of nobody', async () => {
    const { desk: at } = desk()
    const other = at.challenge(addressOf(owner))
    const { nonce } = at.challenge(addressOf(owner))
    const signature = await owner.signMessage({ message: other.message })
    expect(await codeOf(() => at.pair(nonce, signature))).toBe('operator.signature')
    const third = at.challenge(addressOf(owner))
    expect(await codeOf(() => at.pair(third.nonce, `0x${'00'.repeat(65)}`))).toBe('operator.signature')
    expect(await codeOf(() => paired(at, stranger))).toBe('operator.notOperator')
  })

  test('error: challenges and pairings end', async () => {
    const { desk: at, pass } = desk()
    const { nonce, message } = at.challenge(addressOf(owner))
    const signature = await owner.signMessage({ message })
    pass(5 * 60_000)
    expect(await codeOf(() => at.pair(nonce, signature))).toBe('operator.nonceUnknown')
    const token = await paired(at)
    pass(12 * 3_600_000 - 1)
    expect(at.holder(token)).toBe(addressOf(owner))
    pass(1)
    expect(await codeOf(() => at.holder(token))).toBe('operator.tokenUnknown')
    expect(await codeOf(() => at.holder(''))).toBe('operator.tokenUnknown')
  })

  test('behavior: at most 16 pairings; the oldest of the same account makes room', async () => {
    const { desk: at, pass } = desk()
    const tokens: string[] = []
    for (let count = 0; count < 17; count += 1) {
      tokens.push(await paired(at))
      pass(60_000)
    }
    expect(await codeOf(() => at.holder(tokens[0] ?? ''))).toBe('operator.tokenUnknown')
    for (const token of tokens.slice(1)) expect(at.holder(token)).toBe(addressOf(owner))
  })

  test('error: asking is rationed, and recovers', async () => {
    const { desk: at, pass } = desk()
    for (let count = 0; count < 60; count += 1) at.challenge(addressOf(stranger))
    expect(await codeOf(() => at.challenge(addressOf(owner)))).toBe('operator.tooMany')
    pass(60_000)
    for (let count = 0; count < 4; count += 1) at.challenge(addressOf(stranger))
    // The room for open challenges is full now, whatever the minute.
    expect(await codeOf(() => at.challenge(addressOf(owner)))).toBe('operator.tooMany')
    pass(5 * 60_000)
    expect(await codeOf(() => paired(at))).toBe('ok')
  })
})
