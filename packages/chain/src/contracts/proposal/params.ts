import type { ContractIdentity, Param } from '#contracts/runtime'

export const PROPOSAL: ContractIdentity = { name: 'proposal', number: 7 }

/** Producers of the term in which a proposal is submitted that may choose; in the order of the list. */
export const MAX_ELECTORATE = 101
export const MAX_REVIEWS = 256
export const MAX_TITLE_LENGTH = 100
/** Packed size of an archive: what every reader of archives takes. */
export const MAX_ARCHIVE_BYTES: bigint = 10n * 1024n * 1024n
/** The checklist has eight questions, one bit each. */
export const CHECKLIST_END = 256
/** Most proposals one view answers with. */
export const MAX_LISTED = 50
export const MS_PER_SECOND = 1000n

export const STATUS = { open: 1, approved: 2, rejected: 3, withdrawn: 4, expired: 5 } as const
export const CHOICE = { adopt: 1, decline: 2 } as const
export const VERDICT = { sound: 1, concerns: 2, unsound: 3 } as const

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('deposit', 100_000_000_000n, 'ELF the author of a proposal leaves until it is closed, in the smallest unit.'),
  always('periodSeconds', 1_209_600n, 'How long producers can choose.'),
  always('openMax', 3n, 'Proposals one author can have open at a time.'),
]
