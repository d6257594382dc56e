import { asAddress, asHash } from '#primitives'
import { RpcFailure } from './failure.ts'
import type { HandlerContext, Handlers } from './handlers.ts'
import type { DevnetPort } from './ports.ts'

const MS_PER_SECOND = 1_000

type DevnetHandlers = Pick<
  Handlers,
  | 'aelf_devAccounts'
  | 'aelf_fastForward'
  | 'aelf_pauseDelegate'
  | 'aelf_resumeDelegate'
  | 'aelf_signalCollection'
  | 'aelf_subscribe'
  | 'aelf_unsubscribe'
>

/** What only a development network answers, and subscriptions. */
export function devnetHandlers({ node }: HandlerContext): DevnetHandlers {
  const devnet = (): DevnetPort => {
    if (node.devnet === undefined) throw new RpcFailure('rpc.notDevnet')
    return node.devnet
  }
  return {
    aelf_devAccounts: () => [...devnet().accounts()],
    aelf_fastForward: async ([{ seconds }]) => {
      await devnet().fastForward(seconds * MS_PER_SECOND)
      const { nowMs, height } = node.status()
      return { nowMs, height: height.toString() }
    },
    aelf_pauseDelegate: ([delegate]) => {
      devnet().pause(asAddress(delegate))
      return { paused: true }
    },
    aelf_resumeDelegate: ([delegate]) => {
      devnet().resume(asAddress(delegate))
      return { paused: false }
    },
    aelf_signalCollection: async ([delegate, collection]) => {
      const signal = collection === null ? null : asHash(collection)
      await devnet().signal(asAddress(delegate), signal ?? undefined)
      return { signal }
    },
    aelf_subscribe: ([topic], session) => {
      if (session.subscriptions === undefined) throw new RpcFailure('rpc.needsWebSocket')
      return session.subscriptions.add(topic)
    },
    aelf_unsubscribe: ([id], session) => session.subscriptions?.remove(id) ?? false,
  }
}
