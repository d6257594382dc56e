import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { createIdentity, encodeIdentity } from '#p2p/transport'
import { makeFolder, SECRET, writeNewFile } from './privateFile.ts'

const FOLDER = 0o700

/** Gives a new data folder the identity its node has among peers; returns the peer id. Throws `cli.failure`. */
export async function makeIdentity(dataDir: string): Promise<string> {
  await makeFolder(dataDir)
  await chmod(dataDir, FOLDER)
  const identity = await createIdentity()
  await writeNewFile(join(dataDir, 'p2p.key'), encodeIdentity(identity), SECRET)
  return identity.peerId
}
