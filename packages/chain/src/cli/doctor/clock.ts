import { type Finding, fail, ok, warn } from './finding.ts'

const TIMEOUT_MS = 5_000
/** The header tells whole seconds only. */
const RESOLUTION_MS = 1_000
/** A slot lasts four seconds; a block from a clock that is off by half of it comes too late. */
const OFFSET_MS = { warn: 1_000, fail: 2_000 }
const HELP = 'Turn on time synchronisation: timedatectl set-ntp true, or install chrony.'

/** How a clock stands to those of the peers, in words. */
export function againstPeers(offsetMs: number): string {
  const size = Math.abs(offsetMs)
  if (size < 1) return 'as the peers’'
  return `${size < 1_000 ? `${Math.round(size)} ms` : `${(size / 1_000).toFixed(1)} s`} ${offsetMs > 0 ? 'ahead of' : 'behind'} the peers`
}

/** The clock against those of the peers, as the running node has compared them; a slot is what it must be exact for. */
export function judgeOffset(offsetMs: number, slotMs: number): Finding {
  const message = againstPeers(offsetMs)
  const size = Math.abs(offsetMs)
  if (size > slotMs / 2) return fail('clock', message, HELP)
  return size > slotMs / 4 ? warn('clock', message, HELP) : ok('clock', message)
}

/** The clock against the `Date` that a web server answers with, or, where none is given, against the peers of the running node. */
export async function checkClock(
  url: string | undefined,
  peers?: { readonly offsetMs: number; readonly slotMs: number },
): Promise<Finding> {
  if (url === undefined) {
    if (peers !== undefined) return judgeOffset(peers.offsetMs, peers.slotMs)
    return warn(
      'clock',
      `${new Date().toISOString()}, not compared`,
      'Give --time-url <url> of a web server you trust.',
    )
  }
  try {
    const before = Date.now()
    const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    const after = Date.now()
    const told = Date.parse(response.headers.get('date') ?? '')
    if (Number.isNaN(told)) return warn('clock', 'the server tells no time', 'Give another --time-url.')
    return judgeClock({ before, after, told })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason'
    return warn('clock', `not compared: ${reason}`, 'Check the internet connection, or give another --time-url.')
  }
}

/** How far a clock is off at least, whenever within the question and the second told the server looked. */
export function judgeClock({ before, after, told }: { before: number; after: number; told: number }): Finding {
  const offset = before > told + RESOLUTION_MS ? before - told - RESOLUTION_MS : after < told ? after - told : 0
  const size = Math.abs(offset)
  if (size === 0) return ok('clock', 'agrees to the second')
  const message = `${offset > 0 ? 'ahead' : 'behind'} by at least ${(size / 1_000).toFixed(1)} s`
  return size >= OFFSET_MS.fail
    ? fail('clock', message, HELP)
    : size >= OFFSET_MS.warn
      ? warn('clock', message, HELP)
      : ok('clock', message)
}
