import type { AlertKind } from '@aelf/governance/domain'

/** The kinds in the order they are offered. */
export const KIND_TEXT: Readonly<Record<AlertKind, string>> = {
  missed: 'It misses slots in a row',
  excluded: 'It is excluded from the schedule',
  returned: 'Its exclusion ends',
  elected: 'It is elected',
  dropped: 'It drops out of the producers',
  cutLine: 'Its rank crosses the cut-line',
  finality: 'Finality stands still',
  proposal: 'Any proposal is submitted or decided',
  lockedIn: 'A collection is locked in or replaced',
  support: 'The count of a collection is reset or begins anew',
  activated: 'A collection takes over',
}

export const KIND_SHORT: Readonly<Record<AlertKind | 'confirm', string>> = {
  missed: 'missed slots',
  excluded: 'excluded',
  returned: 'back',
  elected: 'elected',
  dropped: 'dropped out',
  cutLine: 'cut-line',
  finality: 'finality',
  proposal: 'proposals',
  lockedIn: 'lock-in',
  support: 'count reset',
  activated: 'takeover',
  confirm: 'confirmation',
}

export const KINDS: readonly AlertKind[] = Object.keys(KIND_TEXT) as AlertKind[]
