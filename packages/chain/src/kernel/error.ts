import { AelfError } from '#primitives'

/** A rule of the kernel refused a value: `abi.*`, `tx.*`, `block.*`, `header.*`, `receipt.*`, `proof.*`, `param.*`, `genesis.*`. */
export class KernelError extends AelfError {
  override readonly name: string = 'KernelError'
}
