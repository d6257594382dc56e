import { type ContractDescriptor, descriptors } from '#contracts/metadata'
import { describeContract } from '#contracts/runtime'
import type { Era } from '#executor'

/** What clients may be told about the contracts of a chain whose code changes. */
export interface ContractBook {
  /** Those that the next block runs with. */
  readonly running: readonly ContractDescriptor[]
  /** Everything that any collection so far had, so that old blocks can still be read; a number never changes its meaning. */
  readonly known: readonly ContractDescriptor[]
}

export interface ContractBookDeps {
  /** What runs the block that follows the head. */
  running(): Era
  /** The collections that are at hand; the list only grows. */
  known(): readonly Era[]
}

/** What all collections share and none declares. */
const shared = descriptors.filter(({ number }) => number === 0)

type Lists = 'methods' | 'items' | 'events' | 'errors'

const joined = <T extends { readonly number: number }>(former: readonly T[], next: readonly T[]): readonly T[] => [
  ...former,
  ...next.filter(({ number }) => !former.some((one) => one.number === number)),
]

function join(former: ContractDescriptor, next: ContractDescriptor): ContractDescriptor {
  const lists: Pick<ContractDescriptor, Lists> = {
    methods: joined(former.methods, next.methods),
    items: joined(former.items, next.items),
    events: joined(former.events, next.events),
    errors: joined(former.errors, next.errors),
  }
  const views = next.views.filter(({ name }) => !former.views.some((one) => one.name === name))
  return { ...former, ...lists, views: [...former.views, ...views] }
}

/** Descriptors by the collections of a chain; made once for each. */
export function createContractBook({ running, known }: ContractBookDeps): () => ContractBook {
  const made = new Map<Era, readonly ContractDescriptor[]>()
  const describe = (era: Era): readonly ContractDescriptor[] => {
    const before = made.get(era)
    if (before !== undefined) return before
    const described = [...shared, ...era.registry.contracts.map(describeContract)]
    made.set(era, described)
    return described
  }
  let all: { readonly count: number; readonly contracts: readonly ContractDescriptor[] } = { count: 0, contracts: [] }
  const together = (): readonly ContractDescriptor[] => {
    const eras = known()
    if (eras.length === all.count) return all.contracts
    const byNumber = new Map<number, ContractDescriptor>()
    for (const contract of eras.flatMap(describe)) {
      const former = byNumber.get(contract.number)
      byNumber.set(contract.number, former === undefined ? contract : join(former, contract))
    }
    all = { count: eras.length, contracts: [...byNumber.values()] }
    return all.contracts
  }
  return () => ({ running: describe(running()), known: together() })
}
