import { GENESIS_LIMITS } from '#chains'
import { CliError } from './exit.ts'
import { readSmallFile } from './privateFile.ts'

const TIMEOUT_MS = 30_000

/**
 * Text of a genesis, from a file or a web address. A web address has to be https, or on this machine: whoever changes the text
 * on the way would choose the network. Throws `cli.usage`, `cli.failure`.
 */
export async function readGenesisSource(source: string): Promise<string> {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return readSmallFile(source, GENESIS_LIMITS.bytes, 'the genesis file')
  const url = URL.canParse(source) ? new URL(source) : undefined
  if (url === undefined || !isTrusted(url)) {
    throw new CliError(
      'cli.usage',
      `"${source.slice(0, 100)}" is not a safe place for a genesis`,
      'Give a file, an https address, or an http address on this machine.',
    )
  }
  return download(url)
}

function isTrusted(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && /^(?:127(?:\.[0-9]{1,3}){3}|\[::1\]|localhost)$/.test(url.hostname)
}

async function download(url: URL): Promise<string> {
  try {
    // A redirect could lead to an address that was not checked.
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok || response.body === null) throw failed(url, `it answers ${response.status}`)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body) {
      size += part.byteLength
      if (size > GENESIS_LIMITS.bytes) throw failed(url, `it is larger than ${GENESIS_LIMITS.bytes} bytes`)
      parts.push(part)
    }
    return Buffer.concat(parts).toString('utf8')
  } catch (error) {
    if (error instanceof CliError) throw error
    throw failed(url, error instanceof Error ? error.message : 'unknown reason')
  }
}

const failed = (url: URL, reason: string): CliError =>
  new CliError(
    'cli.failure',
    `cannot load the genesis from ${url.href.slice(0, 200)}: ${reason}`,
    'Load it by hand and give the file.',
  )
