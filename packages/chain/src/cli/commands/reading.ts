import type { Json } from '#rpc/client'
import { CliError } from '../exit.ts'
import { clean, elf, moment, printJson, printPairs, printTable } from '../output.ts'
import { readHex, type Session } from '../session.ts'

/** `aelf block <height>` */
export async function block({ client, terminal, json }: Session, reference: string): Promise<void> {
  if (!/^(?:[0-9]{1,20}|0x[0-9a-fA-F]{64}|latest|finalized|genesis)$/.test(reference)) {
    throw new CliError(
      'cli.usage',
      `"${reference.slice(0, 80)}" is not a block`,
      'Write a height, a hash, latest, finalized or genesis.',
    )
  }
  const view = await client.request('aelf_getBlock', [reference])
  if (json) {
    printJson(terminal, view)
    return
  }
  printPairs(terminal, [
    ['height', view.height],
    ['hash', view.hash],
    ['parent', view.parentHash],
    ['time', moment(view.timeMs)],
    ['producer', view.producer],
    [
      'slot',
      `${view.slot}, round ${view.consensus.round}, ${view.consensus.isExtra ? 'extra' : `place ${view.consensus.index ?? '?'}`}`,
    ],
    ['state root', view.stateRoot],
    ['transactions', view.transactionCount],
    ['size', `${view.size} bytes`],
    ['irreversible', view.finalized ? 'yes' : 'not yet'],
  ])
  for (const id of view.transactions) terminal.out(`  ${String(id)}`)
}

/** `aelf tx <id>` */
export async function transaction({ client, terminal, json }: Session, id: string): Promise<void> {
  const view = await client.request('aelf_getTransaction', [readHex(id, 32, 'a transaction id')])
  if (view.status === 'unknown')
    throw new CliError(
      'cli.failure',
      `the node does not know ${view.id}`,
      'Check the id, and that this is the right network.',
    )
  if (json) {
    printJson(terminal, view)
    return
  }
  printPairs(terminal, [
    ['id', view.id],
    ['status', view.status],
    ...(view.decoded === undefined
      ? []
      : [
          ['from', view.decoded.from] as const,
          ['call', `${view.decoded.contract}.${view.decoded.method}`] as const,
          ['intent', view.decoded.intent] as const,
        ]),
    ...(view.block === undefined
      ? []
      : [
          [
            'block',
            `${view.block.height} (${view.confirmations} confirmations${view.finalized ? ', irreversible' : ''})`,
          ] as const,
        ]),
    ...(view.receipt === undefined
      ? []
      : [
          [
            'result',
            view.receipt.error === undefined
              ? view.receipt.status
              : `failed: ${view.receipt.error.code}. ${view.receipt.error.help}`,
          ] as const,
          ['fee', elf(view.receipt.fee)] as const,
        ]),
  ])
  for (const event of view.receipt?.events ?? []) {
    terminal.out(`  ${event.contract}.${event.name} ${clean(JSON.stringify(event.fields))}`)
  }
}

/** `aelf account <address>` */
export async function account({ client, terminal, json }: Session, given: string): Promise<void> {
  const address = readHex(given, 20, 'an address')
  const key = { account: address, symbol: 'ELF' }
  const [balance, locked, positions] = await Promise.all([
    client.request('aelf_call', ['token', 'balanceOf', key]),
    client.request('aelf_call', ['token', 'lockedOf', key]),
    client.request('aelf_call', ['election', 'positionsOf', { account: address }]),
  ])
  if (json) {
    printJson(terminal, { address, balance, locked, positions })
    return
  }
  printPairs(terminal, [
    ['address', address],
    ['balance', elf(String(balance))],
    ['locked', elf(String(locked))],
  ])
  const rows = (Array.isArray(positions) ? positions : []).map(positionToRow)
  if (rows.length > 0) printTable(terminal, ['vote', 'delegate', 'ELF', 'days', 'ends', 'counts'], rows)
}

function positionToRow(position: Json): readonly string[] {
  const fields = typeof position === 'object' && position !== null ? (position as Readonly<Record<string, Json>>) : {}
  const text = (name: string): string => String(fields[name] ?? '')
  const amount = /^[0-9]+$/.test(text('amount')) ? elf(text('amount')).replace(' ELF', '') : text('amount')
  const ends = moment(Number(text('endsAt')))
  return [text('lockId'), text('delegate'), amount, text('lockDays'), ends, text('counts') === 'true' ? 'yes' : 'no']
}

/** `aelf delegates` */
export async function delegates({ client, terminal, json }: Session): Promise<void> {
  const list = await client.request('aelf_getDelegates')
  if (json) {
    printJson(terminal, list)
    return
  }
  printTable(
    terminal,
    ['rank', 'name', 'address', 'weight', 'commission', 'produced', 'missed', 'status'],
    list.map((delegate) => [
      delegate.rank,
      delegate.name,
      delegate.address,
      elf(delegate.weight).replace(' ELF', ''),
      `${delegate.commissionBps / 100} %`,
      delegate.produced,
      delegate.missed,
      delegate.status,
    ]),
  )
}

/** `aelf round [number]` */
export async function round({ client, terminal, json }: Session, number: string | undefined): Promise<void> {
  if (number !== undefined && !/^(?:[0-9]{1,19}|latest)$/.test(number)) {
    throw new CliError('cli.usage', `"${number.slice(0, 40)}" is not a round`, 'Write a number or latest.')
  }
  const view = await client.request('aelf_getRound', number === undefined ? [] : [number])
  if (json) {
    printJson(terminal, view)
    return
  }
  printPairs(terminal, [
    ['round', view.number],
    ['term', view.term],
    ['starts', moment(view.startTimeMs)],
    ['irreversible', view.finalized ? 'yes' : 'not yet'],
  ])
  printTable(
    terminal,
    ['slot', 'time', 'producer', '', 'state', 'height'],
    view.slots.map((slot) => [
      slot.slot,
      moment(slot.timeMs).slice(11, 19),
      slot.producer,
      slot.isExtra ? 'extra' : '',
      slot.state,
      slot.height ?? '',
    ]),
  )
  for (const entry of view.excluded)
    terminal.out(`excluded: ${entry.address} until ${moment(entry.untilMs)} (failure ${entry.failures})`)
}
