import { createRevealChain, createRevealSource } from '#consensus/dpos'
import { NodeError } from '../errors.ts'
import type { DelegateSecrets } from '../keys/keystore.ts'
import { openRemoteSigner } from '../keys/remoteSigner.ts'
import { openRecordFile, type SignedRecord } from '../keys/signedRecord.ts'
import { type BlockSigner, openSigner } from '../keys/signer.ts'
import type { ProducerOptions } from '../producing.ts'
import { localRenewals, type SignRenewal } from '../renewal.ts'
import type { ProducerConfig } from './nodeConfig.ts'
import type { Opened } from './opened.ts'
import { firstLine, readSettingFile } from './secrets.ts'

/** A signature must be there well before the slot is over. */
const SIGNER_TIMEOUT = { part: 0.5, minMs: 250, maxMs: 2000 } as const

interface OpenedKey {
  readonly signer: BlockSigner
  readonly signRenewal: SignRenewal
}

async function openKey(
  opened: Opened,
  { producer, secrets, record }: { producer: ProducerConfig; secrets: DelegateSecrets; record: SignedRecord },
): Promise<OpenedKey> {
  const { address, privateKey } = secrets
  const { remoteSigner, signerTokenFile } = producer
  if (remoteSigner === undefined) {
    // Without a key and without a signer the secrets have been refused before.
    const key = privateKey ?? new Uint8Array(0)
    return { signer: await openSigner({ privateKey: key, record }), signRenewal: localRenewals(key) }
  }
  const token =
    signerTokenFile === undefined ? '' : firstLine(await readSettingFile(signerTokenFile, 'producer.signerTokenFile'))
  opened.redactor.hideText(token)
  const { genesis, network } = opened.chain
  const { part, minMs, maxMs } = SIGNER_TIMEOUT
  const timeoutMs = Math.min(Math.max(Number(genesis.slotMs) * part, minMs), maxMs)
  return openRemoteSigner({
    url: remoteSigner,
    token,
    address,
    genesisHash: network.genesisHash,
    record,
    timeoutMs,
  })
}

/** What makes this node a delegate's: its key, here or elsewhere, its in-values, its record and the watch over the key. */
export async function openProducerParts(
  opened: Opened,
  { producer, secrets, doubtful }: { producer: ProducerConfig; secrets: DelegateSecrets; doubtful: boolean },
): Promise<ProducerOptions> {
  const { folder, closers, fail } = opened
  const { address, revealSecret, revealLength } = secrets
  const file = await openRecordFile(folder.paths.signed, address)
  closers.add('the record of signed blocks', () => file.close())
  // A disk that does not take the record ends the node, not only the block in hand.
  const save: SignedRecord['save'] = (next) =>
    file.save(next).catch((error: unknown) => {
      if (error instanceof NodeError && error.code === 'node.storage') fail(error)
      throw error
    })
  const record: SignedRecord = { ...file, save }
  return {
    ...(await openKey(opened, { producer, secrets, record })),
    reveals: createRevealChain(revealSecret, revealLength),
    revealSource: createRevealSource(revealSecret, revealLength),
    watch: {
      watchSlots: producer.watchSlots,
      sameHome: folder.sameHome,
      doubtful: doubtful || record.doubtful,
      inUse: (error: NodeError, watching: boolean) => {
        if (watching) fail(error)
      },
    },
  }
}
