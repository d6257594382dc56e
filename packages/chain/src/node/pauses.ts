import type { Address } from '#primitives'

interface Pause {
  readonly delegate: Address
  readonly from: bigint
  readonly to: bigint | undefined
}

const MAX_PAUSES = 1000

/** Slots in which an operator had stopped a delegate; the newest thousand pauses. */
export class Pauses {
  private list: readonly Pause[] = []

  begin(delegate: Address, from: bigint): void {
    this.list = [...this.list, { delegate, from, to: undefined }].slice(-MAX_PAUSES)
  }

  end(delegate: Address, to: bigint): void {
    this.list = this.list.map((one) => (one.delegate === delegate && one.to === undefined ? { ...one, to } : one))
  }

  cover(delegate: string, slot: bigint): boolean {
    return this.list.some((one) => one.delegate === delegate && one.from <= slot && slot <= (one.to ?? slot))
  }
}
