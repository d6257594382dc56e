import { AelfError, type AelfErrorOptions } from '#primitives'

/** Why nothing can be tried: `dryrun.running`, `dryrun.same`, `dryrun.proof`, `dryrun.blocks`, `dryrun.endless`. */
export class DryRunError extends AelfError {
  override readonly name: string = 'DryRunError'
  constructor(
    code: `dryrun.${'running' | 'same' | 'proof' | 'blocks' | 'endless'}`,
    message: string,
    options: AelfErrorOptions = {},
  ) {
    super(code, message, options)
  }
}
