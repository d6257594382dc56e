import { formatAmount } from '#kernel'
import type { Json } from '#rpc/client'
import { CliError } from '../exit.ts'
import type { Key } from '../keyFile.ts'
import { printJson } from '../output.ts'
import type { Session } from '../session.ts'
import { readLimits, sendWith, type TypedCall } from './writing.ts'

/** One call that pays something out. */
interface Payment {
  readonly what: string
  readonly amount: bigint
  readonly name: string
  readonly words: readonly string[]
}

/** Votes that one question is about; an account has no more. */
const MAX_VOTES = 256

/** `aelf claim`: pays an account what its votes have earned, and as a delegate its commission. */
export async function claim(
  session: Session,
  key: () => Promise<Key>,
  options: TypedCall['options'] & { readonly dryRun?: boolean },
): Promise<void> {
  readLimits(options)
  const signer = await key()
  const payments = [...(await commissionOf(session, signer.address)), ...(await votesOf(session, signer.address))]
  const { terminal, json } = session
  if (!json) tell(session, signer.address, payments)
  const transactions: unknown[] = []
  // Each call reports for itself; as JSON all of them are one document.
  const quiet = {
    ...session,
    terminal: { ...terminal, out: (text: string) => void transactions.push(JSON.parse(text)) },
  }
  try {
    for (const { name, words } of options.dryRun === true ? [] : payments) {
      await sendWith(json ? quiet : session, async () => signer, { name, words, options })
    }
  } finally {
    if (json) printJson(terminal, { account: signer.address, payments, transactions })
  }
}

function tell({ terminal }: Session, account: string, payments: readonly Payment[]): void {
  for (const { what, amount } of payments) terminal.out(`${formatAmount(amount)} ELF of ${what}`)
  if (payments.length > 0) return
  terminal.out(`${account} has nothing to claim. Rewards are there when the term in which they were earned has ended.`)
}

async function commissionOf({ client }: Session, delegate: string): Promise<readonly Payment[]> {
  const amount = amountOf(await client.request('aelf_call', ['reward', 'claimableCommission', { delegate }]))
  return amount === 0n ? [] : [{ what: 'commission', amount, name: 'reward.claimCommission', words: [] }]
}

async function votesOf({ client }: Session, account: string): Promise<readonly Payment[]> {
  const positions = listOf(await client.request('aelf_call', ['election', 'positionsOf', { account }]))
  const ids = positions.slice(0, MAX_VOTES).map((one) => textOf(one, 'lockId', /^0x[0-9a-f]{64}$/).slice(2))
  if (ids.length === 0) return []
  const found = listOf(await client.request('aelf_call', ['reward', 'claimables', { lockIds: `0x${ids.join('')}` }]))
  return found.flatMap((one): Payment[] => {
    const lockId = textOf(one, 'lockId', /^0x[0-9a-f]{64}$/)
    const amount = amountOf(textOf(one, 'amount', /^[0-9]+$/))
    return amount === 0n
      ? []
      : [{ what: `the vote ${lockId}`, amount, name: 'reward.claim', words: [`lockId=${lockId}`] }]
  })
}

const unexpected = (): CliError =>
  new CliError('cli.failure', 'the node answered something else than rewards', 'Is it of the same version?')

function listOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  throw unexpected()
}

function textOf(value: Json, name: string, form: RegExp): string {
  const found =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, Json>)[name]
      : undefined
  if (typeof found === 'string' && form.test(found)) return found
  throw unexpected()
}

function amountOf(value: Json): bigint {
  if (typeof value === 'string' && /^[0-9]{1,78}$/.test(value)) return BigInt(value)
  throw unexpected()
}
