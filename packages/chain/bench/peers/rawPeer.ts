import { startRawHttp } from '../rawHttp.ts'
import type { RpcPeer } from './types.ts'

const refuse = (): never => {
  throw new Error('a bare server takes no transactions')
}

/** `node:http` with nothing behind it, for reads only. */
export const rawPeer: RpcPeer = {
  name: 'raw node:http',
  transfers: 0,
  async start() {
    return { ...(await startRawHttp()), submits: '', accepted: '', account: '', sign: refuse, transactionsIn: refuse }
  },
}
