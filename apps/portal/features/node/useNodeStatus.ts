'use client'

import type { LogLevel, OperatorLogLine, OperatorStatus } from '@aelf/governance/domain'
import { useEffect, useRef, useState } from 'react'
import type { NodeFailure, NodeLine } from './runtime.ts'
import type { NodeConsole } from './useNodeConsole.ts'

const EVERY_MS = 2_000
const LINES = 200

export interface Watched<T> {
  readonly value: T | undefined
  /** When the value came, on this machine's clock. */
  readonly atMs: number | undefined
  readonly failure: NodeFailure | undefined
}

/** Asks again and again while the tab is looked at; the last answer stays when one fails. */
function useRepeated<T>(console: NodeConsole, key: string, ask: (node: NodeLine) => Promise<T>): Watched<T> {
  const [state, setState] = useState<Watched<T>>({ value: undefined, atMs: undefined, failure: undefined })
  const question = useRef(ask)
  question.current = ask
  const owner = useRef(console)
  owner.current = console
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const turn = async (): Promise<void> => {
      if (!document.hidden) {
        const node = await owner.current.line()
        try {
          const value = await question.current(node)
          if (!gone) setState({ value, atMs: Date.now(), failure: undefined })
        } catch (error) {
          const failure = await node.failureOf(error)
          if (gone) return
          if (failure.kind === 'expired') {
            owner.current.expired(failure)
            return
          }
          setState((before) => ({ ...before, failure }))
        }
      }
      if (!gone) timer = setTimeout(() => void turn(), EVERY_MS)
    }
    void turn()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [key])
  return state
}

export const useNodeStatus = (console: NodeConsole, token: string): Watched<OperatorStatus> =>
  useRepeated(console, token, (node) => node.status(token))

export const useNodeLogs = (
  console: NodeConsole,
  token: string,
  level: LogLevel,
): Watched<readonly OperatorLogLine[]> =>
  useRepeated(console, `${token} ${level}`, (node) => node.logs(token, level, LINES))
