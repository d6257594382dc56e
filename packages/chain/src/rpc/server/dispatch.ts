import type { z } from 'zod'
import type { Logger } from '#primitives'
import {
  type CallId,
  type RouteAccess,
  type RpcAnswer,
  type RpcErrorCode,
  type RpcLimits,
  rpcErrorObject,
  scanMessage,
} from '#rpc/routes'
import { idOf, isRecord, readEnvelope } from './envelope.ts'
import { failureToObject, RpcFailure } from './failure.ts'

/** Who sent a message, as far as handlers care. */
export interface Session {
  /** False for web pages of other machines: they may not steer a development network. */
  readonly local: boolean
  /** Present on WebSockets only. */
  readonly subscriptions?: {
    add(topic: string): string
    remove(id: string): boolean
  }
}

/** A method as the dispatcher sees it. */
export interface Method {
  readonly access: RouteAccess
  readonly names: readonly string[]
  readonly params: z.ZodType
  handle(params: readonly unknown[], session: Session): unknown
}

/** Answer to one message: its JSON text (empty when it held notifications only) and the HTTP status that fits it. */
export interface Reply {
  readonly text: string
  readonly status: number
}

export interface DispatcherOptions {
  readonly methods: ReadonlyMap<string, Method>
  readonly limits: RpcLimits
  readonly logger: Logger
  readonly devnet: boolean
  /** Told of every call: its method (`unknown` when there is none), `ok` or the code of its refusal, and how long it took. */
  readonly meter?: ((call: CallFigures) => void) | undefined
}

/** What is counted of one call. */
export interface CallFigures {
  readonly method: string
  readonly outcome: string
  readonly seconds: number
}

export interface Dispatcher {
  /** Never rejects: whatever is in the bytes, there is a reply. */
  dispatch(bytes: Uint8Array, session: Session): Promise<Reply>
  /** Calls being worked on now. */
  inFlight(): number
}

const EMPTY_REPLY: Reply = { text: '', status: 204 }
const statusOfCode: Partial<Record<string, number>> = { 'rpc.tooBusy': 429, 'rpc.bodyTooLarge': 413 }

/** Builds the part of the server that turns message bytes into answer text. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { limits } = options
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let working = 0

  async function work(method: Method, params: readonly unknown[], session: Session): Promise<unknown> {
    if (working >= limits.callsInFlight) throw new RpcFailure('rpc.tooBusy')
    working += 1
    let result: unknown
    try {
      result = method.handle(params, session)
    } catch (error) {
      working -= 1
      throw error
    }
    if (!(result instanceof Promise)) {
      working -= 1
      return result
    }
    // The place is given back when the work ends, not when the caller stops waiting for it.
    const settled = result.finally(() => {
      working -= 1
    })
    return withDeadline(settled, limits.callMs)
  }

  async function call(entry: unknown, session: Session): Promise<RpcAnswer | undefined> {
    const envelope = readEnvelope(entry)
    if (!envelope.ok) return refusal(envelope.id, 'rpc.invalidRequest', { field: envelope.field })
    const silent = envelope.id === undefined
    const id = envelope.id ?? null
    const report = startMeter(options, envelope.method)
    try {
      const method = options.methods.get(envelope.method)
      if (method === undefined) throw new RpcFailure('rpc.methodNotFound', { details: { method: envelope.method } })
      checkAccess(method, session, options.devnet)
      const result = await work(method, readParams(method, envelope.params), session)
      report('ok')
      return silent ? undefined : { jsonrpc: '2.0', id, result }
    } catch (error) {
      const failure = failureToObject(error)
      report(failure.object.data.code)
      if (!failure.known) options.logger.error('call failed', { method: envelope.method, error: describe(error) })
      return silent ? undefined : { jsonrpc: '2.0', id, error: failure.object }
    }
  }

  async function batch(entries: readonly unknown[], session: Session): Promise<Reply> {
    if (entries.length === 0) return refuse('rpc.invalidRequest')
    const texts: string[] = []
    let size = 2
    let turnStart = performance.now()
    for (let at = 0; at < entries.length; ) {
      const wave = entries.slice(at, at + waveLength(entries, at, limits.callsInFlight - working))
      at += wave.length
      const over = size > limits.responseBytes
      const answers = await Promise.all(
        wave.map((entry) => (over ? refusal(idOf(entry), 'rpc.responseTooLarge') : call(entry, session))),
      )
      for (const answer of answers) {
        if (answer === undefined) continue
        const text = answerToText(answer, limits.responseBytes - size)
        size += text.length + 1
        texts.push(text)
      }
      if (performance.now() - turnStart > limits.turnMs) {
        await new Promise<void>((resolve) => {
          setImmediate(resolve)
        })
        turnStart = performance.now()
      }
    }
    return texts.length === 0 ? EMPTY_REPLY : { text: `[${texts.join(',')}]`, status: 200 }
  }

  async function dispatch(bytes: Uint8Array, session: Session): Promise<Reply> {
    const scan = scanMessage(bytes, { depth: limits.nestingDepth, calls: limits.batchCalls })
    if (!scan.ok) return refuse(scan.code)
    let message: unknown
    try {
      message = JSON.parse(utf8.decode(bytes))
    } catch {
      return refuse('rpc.parse')
    }
    if (Array.isArray(message)) return batch(message, session)
    const answer = await call(message, session)
    if (answer === undefined) return EMPTY_REPLY
    const text = answerToText(answer, limits.responseBytes)
    return { text, status: 'error' in answer ? (statusOfCode[answer.error.data.code] ?? 200) : 200 }
  }

  return { dispatch, inFlight: () => working }
}

/** Starts the clock of one call; the result takes its outcome. Names that are no method count as one. */
function startMeter({ methods, meter }: DispatcherOptions, name: string): (outcome: string) => void {
  const began = performance.now()
  const method = methods.has(name) ? name : 'unknown'
  return (outcome) => meter?.({ method, outcome, seconds: (performance.now() - began) / 1_000 })
}

/** Most calls of one batch that wait for the disk at the same time. */
const MAX_WAVE = 50

/**
 * How many entries from `at` on are worked on side by side: neighbours that send transactions, so that they share one write to
 * the disk; anything else goes alone, so that it sees what stands before it. Half of the free places stay free for others.
 */
function waveLength(entries: readonly unknown[], at: number, room: number): number {
  const most = Math.max(1, Math.min(MAX_WAVE, room >> 1))
  let length = 0
  while (length < most && isSending(entries[at + length])) length += 1
  return Math.max(1, length)
}

const isSending = (entry: unknown): boolean => isRecord(entry) && entry['method'] === 'aelf_sendTransaction'

/** Reply that refuses a whole message. */
export function refuse(code: RpcErrorCode): Reply {
  return { text: JSON.stringify(refusal(null, code)), status: statusOfCode[code] ?? (code === 'rpc.parse' ? 400 : 200) }
}

function refusal(id: CallId, code: RpcErrorCode, extra: { field?: string } = {}): RpcAnswer {
  return { jsonrpc: '2.0', id, error: rpcErrorObject(code, extra) }
}

function answerToText(answer: RpcAnswer, room: number): string {
  let text: string
  try {
    text = toJson(answer)
  } catch {
    // A result that JSON cannot hold is a fault of its handler, and no reason to leave the caller without an answer.
    return JSON.stringify(refusal(answer.id, 'rpc.internal'))
  }
  return text.length <= room || 'error' in answer ? text : JSON.stringify(refusal(answer.id, 'rpc.responseTooLarge'))
}

/** Few results hold integers that JSON does not have, and asking about every value of the others takes most of the time. */
function toJson(answer: RpcAnswer): string {
  try {
    return JSON.stringify(answer)
  } catch {
    return JSON.stringify(answer, replaceBigint)
  }
}

const replaceBigint = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** Puts parameters given by name into order, drops trailing gaps, and checks them against the schema. */
function readParams(method: Method, given: unknown): readonly unknown[] {
  const list = Array.isArray(given) ? given : isRecord(given) ? paramsByName(method, given) : []
  const result = method.params.safeParse(list)
  if (result.success) return result.data as readonly unknown[]
  const issue = result.error.issues[0]
  const [place, ...rest] = issue?.path ?? []
  const name = typeof place === 'number' ? method.names[place] : undefined
  const field =
    place === undefined ? 'params' : `params[${String(place)}]${rest.map((part) => `.${String(part)}`).join('')}`
  throw new RpcFailure('rpc.invalidParams', {
    field: field.slice(0, 200),
    ...(name === undefined ? {} : { message: `The parameter "${name}" is not valid` }),
    help: helpOf(issue?.message, method),
  })
}

function helpOf(message: string | undefined, method: Method): string {
  const expected = method.names.length === 0 ? 'no parameters' : `parameters (${method.names.join(', ')})`
  return `Expected ${expected}. ${(message ?? 'Correct the value').slice(0, 300)}.`
}

function paramsByName(method: Method, given: Readonly<Record<string, unknown>>): readonly unknown[] {
  const stranger = Object.keys(given).find((name) => !method.names.includes(name))
  if (stranger !== undefined) {
    throw new RpcFailure('rpc.invalidParams', {
      field: `params.${stranger.slice(0, 64)}`,
      help: method.names.length === 0 ? 'Leave params out.' : `Known names: ${method.names.join(', ')}.`,
    })
  }
  const list = method.names.map((name) => (Object.hasOwn(given, name) ? given[name] : undefined))
  while (list.length > 0 && list.at(-1) === undefined) list.pop()
  return list
}

function checkAccess(method: Method, session: Session, devnet: boolean): void {
  if (method.access === 'socket' && session.subscriptions === undefined) throw new RpcFailure('rpc.needsWebSocket')
  if (method.access !== 'devnet') return
  if (!devnet) throw new RpcFailure('rpc.notDevnet')
  if (!session.local) throw new RpcFailure('rpc.originRefused')
}

function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new RpcFailure('rpc.timeout'))
    }, ms)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 2_000) : String(error).slice(0, 200)
}
