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
}

export const KIND_SHORT: Readonly<Record<AlertKind | 'confirm', string>> = {
  missed: 'missed slots',
  excluded: 'excluded',
  returned: 'back',
  elected: 'elected',
  dropped: 'dropped out',
  cutLine: 'cut-line',
  finality: 'finality',
  confirm: 'confirmation',
}

export const KINDS: readonly AlertKind[] = Object.keys(KIND_TEXT) as AlertKind[]
