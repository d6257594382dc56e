import { nodeRpcUrl } from '#env'
import { isLocal, isSteering, readBounded } from '#server/relay.ts'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

const TIMEOUT_MS = 15_000

/**
 * Relays JSON-RPC to the configured node from the portal's own origin, so that signing works wherever the portal is
 * reachable. It adds no trust: what is signed is bound by the typed data, and answers can be proven.
 */
export async function POST(request: Request): Promise<Response> {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none')
    return failure(403, 'Requests from other sites are not relayed')
  const body = await readBounded(request)
  if (body === undefined) return failure(413, 'The request is larger than the relay accepts')
  if (isSteering(body) && !isLocal(request.headers))
    return failure(403, 'A development network is steered only from the machine it runs on')
  try {
    const answer = await fetch(nodeRpcUrl, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
      redirect: 'error',
    })
    return new Response(await answer.text(), {
      status: answer.status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    })
  } catch {
    return failure(502, 'The node does not answer')
  }
}

function failure(status: number, message: string): Response {
  return Response.json(
    {
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_603, message, data: { code: 'portal.relay', retryable: status === 502 } },
    },
    { status },
  )
}
