import { createRpcClient } from '@aelf/chain/rpc'
import {
  type AelfClient,
  getHeaderProof,
  getStateProof,
  getTransactionProof,
  type ProofBundle,
  type ProofPins,
  readProofPins,
  toBaseError,
  verifyProof,
} from '@aelf/governance/actions'
import type { ProofOutcome, WorkerAnswer, WorkerTask } from './protocol.ts'
import type { ProofRequest } from './request.ts'

// Runs in a Web Worker: asks the node itself and checks what it answers, away from the page.

const PAUSE_MS = 1200
/** A block that is not final can be replaced between two questions. */
const RETRIES = 3

const answer = (message: WorkerAnswer): void => globalThis.postMessage(message)

globalThis.addEventListener('message', ({ data }: MessageEvent<WorkerTask>) => {
  const pins = readProofPins(data.pins)
  const work = data.kind === 'check' ? check(data.bundle, pins) : prove(data.url, data.request, pins)
  work.catch((error: unknown) => {
    const { shortMessage, help, code } = toBaseError(error)
    answer({ kind: 'failure', failure: { title: shortMessage, help, code } })
  })
})

async function check(given: unknown, pins: ProofPins | undefined): Promise<void> {
  const start = performance.now()
  const report = verifyProof(given, { pins, nowMs: Date.now() })
  const bundle = report.code === 'proof.malformed' ? {} : { bundle: given as ProofBundle }
  const milliseconds = performance.now() - start
  answer({ kind: 'outcome', outcome: { report, ...bundle, moved: false, milliseconds }, settled: true })
}

async function prove(url: string, request: ProofRequest, pins: ProofPins | undefined): Promise<void> {
  const client = createRpcClient({ url })
  const early = await proveEarlier(client, request, pins)
  if (early !== undefined) return answer({ kind: 'outcome', outcome: early, settled: true })
  for (let retries = 0; ; ) {
    const outcome = await attempt(client, request, pins, undefined)
    const { verdict, code } = outcome.report
    const mayPass = code === 'light.chain' && retries < RETRIES
    const settled = verdict !== 'waiting' && !mayPass
    if (mayPass) retries++
    else answer({ kind: 'outcome', outcome, settled })
    if (settled) return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

/**
 * A figure of the newest blocks is not buried yet. When the last irreversible block holds the same one, that is the answer at once;
 * when the node no longer keeps the state of the page's block, it is the only one there is.
 */
async function proveEarlier(
  client: AelfClient,
  request: ProofRequest,
  pins: ProofPins | undefined,
): Promise<ProofOutcome | undefined> {
  if (request.subject.kind !== 'state') return undefined
  const { finalizedHeight, height } = await client.request('aelf_chainInfo')
  const [page, final, head] = [BigInt(request.height), BigInt(finalizedHeight), BigInt(height)]
  const isForgotten = page + KEPT_STATES < head
  if (page <= final && !isForgotten) return undefined
  const outcome = await attempt(client, request, pins, final)
  if (outcome.report.verdict === 'verified') return outcome
  return isForgotten ? { ...outcome, moved: true } : undefined
}

const KEPT_STATES = 1000n

async function attempt(
  client: AelfClient,
  request: ProofRequest,
  pins: ProofPins | undefined,
  at: bigint | undefined,
): Promise<ProofOutcome> {
  const bundle = await gather(client, request, pins, at)
  const start = performance.now()
  const report = verifyProof(bundle, { pins, said: request.said, nowMs: Date.now() })
  return { report, bundle, moved: false, milliseconds: performance.now() - start }
}

function gather(
  client: AelfClient,
  { subject, height }: ProofRequest,
  pins: ProofPins | undefined,
  at: bigint | undefined,
): Promise<ProofBundle> {
  const known = pins === undefined ? {} : { pins }
  if (subject.kind === 'header') return getHeaderProof(client, { height: BigInt(subject.height), ...known })
  if (subject.kind === 'transaction') return getTransactionProof(client, { id: subject.id as `0x${string}`, ...known })
  const { contract, item, key } = subject
  return getStateProof(client, { contract, item, key, at: at ?? BigInt(height), ...known })
}
