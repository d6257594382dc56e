import { clientError, errorFromObject } from './error.ts'
import type { ResultChecker } from './types.ts'

/** One answer taken apart: its identifier and either a result or an error. */
export interface Answer {
  readonly id: unknown
  readonly result?: unknown
  readonly error?: unknown
}

/** Reads an answer; undefined when it is none. */
export function readAnswer(value: unknown): Answer | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const record = value as Readonly<Record<string, unknown>>
  if (record['jsonrpc'] !== '2.0' || !('result' in record || 'error' in record)) return undefined
  return { id: record['id'], ...('error' in record ? { error: record['error'] } : { result: record['result'] }) }
}

/** The result, or the refusal as an exception. */
export function resultOf(
  answer: Answer,
  method: string,
  checkers: Readonly<Record<string, ResultChecker>> | undefined,
): unknown {
  if (answer.error !== undefined) throw errorFromObject(answer.error)
  const checker = checkers?.[method]
  if (checker !== undefined && !checker.result.safeParse(answer.result).success) {
    throw clientError('client.badAnswer', undefined, { method })
  }
  return answer.result
}
