'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { nodeUrl } from '#features/network/nodeUrl.ts'
import { readPins, savePins } from './pins.ts'
import type { ProofFailure, ProofOutcome, WorkerAnswer, WorkerTask } from './protocol.ts'
import type { ProofRequest } from './request.ts'

export type ProofState =
  | { readonly state: 'idle' }
  | { readonly state: 'working'; readonly outcome?: ProofOutcome }
  | { readonly state: 'settled'; readonly outcome: ProofOutcome }
  | { readonly state: 'failed'; readonly failure: ProofFailure }

const IDLE: ProofState = { state: 'idle' }

export interface Prover {
  readonly proof: ProofState
  readonly prove: (request: ProofRequest) => void
  readonly check: (bundle: unknown) => void
  /** Ends the work; a settled outcome stays. */
  readonly stop: () => void
  readonly reset: () => void
}

/** One proof at a time, in a worker of its own that ends with it. */
export function useProver(): Prover {
  const [proof, setProof] = useState<ProofState>(IDLE)
  const worker = useRef<Worker | undefined>(undefined)
  const end = useCallback(() => {
    worker.current?.terminate()
    worker.current = undefined
  }, [])
  useEffect(() => end, [end])

  const run = useCallback(
    (task: WorkerTask) => {
      end()
      setProof({ state: 'working' })
      const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
      worker.current = started
      started.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
        setProof(stateAfter(data))
        if (data.kind === 'outcome' && data.outcome.report.pins !== undefined) savePins(data.outcome.report.pins)
        if (data.kind === 'failure' || data.settled) end()
      })
      started.addEventListener('error', () => {
        setProof({ state: 'failed', failure: NO_WORKER })
        end()
      })
      started.postMessage(task)
    },
    [end],
  )
  return {
    proof,
    prove: useCallback((request) => run({ kind: 'prove', url: nodeUrl(), request, pins: readPins() }), [run]),
    check: useCallback((bundle) => run({ kind: 'check', bundle, pins: readPins() }), [run]),
    stop: useCallback(() => {
      end()
      setProof((current) => (current.state === 'settled' ? current : IDLE))
    }, [end]),
    reset: useCallback(() => {
      end()
      setProof(IDLE)
    }, [end]),
  }
}

const NO_WORKER: ProofFailure = {
  title: 'The check could not start in this browser.',
  help: 'Reload the page, or use a browser that allows web workers.',
  code: 'proof.noWorker',
}

function stateAfter(message: WorkerAnswer): ProofState {
  if (message.kind === 'failure') return { state: 'failed', failure: message.failure }
  return { state: message.settled ? 'settled' : 'working', outcome: message.outcome }
}
