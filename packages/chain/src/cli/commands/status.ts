import type { ChainInfo, NodeInfoView } from '#rpc/client'
import { againstPeers } from '../doctor/clock.ts'
import { formatDuration } from '../duration.ts'
import { askNode } from '../nodeInfo.ts'
import { moment, printJson, printPairs } from '../output.ts'
import type { Session } from '../session.ts'

/** `aelf status`: the network and how far it is, and of a single node what it does there. */
export async function status(session: Session): Promise<void> {
  const { client, terminal, json } = session
  const info = await client.request('aelf_chainInfo')
  const node = await askNode(session.client)
  const nextSlotAtMs =
    node?.delegate === undefined || node.delegate === null ? null : await nextSlot(session, node.delegate)
  if (json) {
    printJson(terminal, node === undefined ? info : { ...info, node, nextSlotAtMs })
    return
  }
  printPairs(terminal, [...chainPairs(info), ...(node === undefined ? [] : nodePairs(node, nextSlotAtMs, info.nowMs))])
  for (const { code, message } of info.warnings ?? []) terminal.out(`WARNING ${code}: ${message}`)
}

type Pair = readonly [name: string, value: string | number]

function chainPairs(info: ChainInfo): readonly Pair[] {
  return [
    ['network', `${info.network}${info.devnet ? ' (development)' : ''}`],
    ['genesis', info.genesisHash],
    ['chain time', moment(info.nowMs)],
    ['height', info.height],
    ['head', info.headHash],
    ['prevoted', info.prevotedHeight],
    ['irreversible', info.finalizedHeight],
    ['round', info.round],
    ['term', `${info.term}, ends in ${formatDuration(Math.max(0, info.termEndsAtMs - info.nowMs))}`],
    ['slot', formatDuration(info.slotMs)],
    ...(info.devnet ? [['nodes', info.nodes] as const] : []),
    ['wallet chain id', info.walletChainId],
    ['engines', `signatures ${info.engines.signature}, hashes ${info.engines.hash}`],
    ['version', info.version],
  ]
}

function nodePairs(
  { role, delegate, peers, sync, startedAtMs, clockOffsetMs = null, collection }: NodeInfoView,
  next: number | null,
  nowMs: number,
): readonly Pair[] {
  const far = sync.state === 'synced' ? '' : `, ${sync.height} of ${sync.targetHeight}`
  return [
    ['role', role],
    ...(delegate === null ? [] : [['delegate', delegate] as const]),
    ['sync', `${sync.state}${far}${sync.reason === undefined ? '' : `: ${sync.reason}`}`],
    ['peers', peers],
    ...(collection === undefined ? [] : collectionPairs(collection)),
    ...(clockOffsetMs === null ? [] : [['clock', againstPeers(clockOffsetMs)] as const]),
    ...(next === null
      ? []
      : [['next slot', `in ${formatDuration(Math.max(0, next - nowMs))}, ${moment(next)}`] as const]),
    ['running for', formatDuration(Math.max(1_000, nowMs - startedAtMs))],
  ]
}

function collectionPairs({ running, signal, installed }: NonNullable<NodeInfoView['collection']>): readonly Pair[] {
  const here = installed.includes(running) ? '' : ', not installed here'
  return [
    ['collection', `${running}${here}`],
    ['signals', signal ?? 'none'],
    ['installed', installed.join(', ')],
  ]
}

/** When the delegate's next slot of the current round begins; null when the round has none left for it. */
async function nextSlot({ client }: Session, delegate: string): Promise<number | null> {
  const { slots } = await client.request('aelf_getRound', [])
  return slots.find(({ producer, state }) => producer === delegate && state === 'upcoming')?.timeMs ?? null
}
