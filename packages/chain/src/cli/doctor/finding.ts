/** What a check found, and what to do about it. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly message: string
  /** Empty when all is well. */
  readonly help: string
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message, help: '' })

export const warn = (check: string, message: string, help: string): Finding => ({ check, state: 'warn', message, help })

export const fail = (check: string, message: string, help: string): Finding => ({ check, state: 'fail', message, help })
