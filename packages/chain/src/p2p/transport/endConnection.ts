import type { Connection } from '@libp2p/interface'

/**
 * Ends a connection at once, whatever state it is in. libp2p's own `abort` says good-bye first and throws when the other half is
 * closed already; only the second call then reaches the socket.
 */
export function endConnection(connection: Pick<Connection, 'abort'>, reason: Error): void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      connection.abort(reason)
      return
    } catch {
      // What could not be said to a peer that is gone needs no answer.
    }
  }
}
