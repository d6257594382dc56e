import type { CollectionEventKind, UpgradeStage } from '@aelf/governance/domain'
import type { Tone } from '#ui/badge.tsx'

export const STAGE_WORDS: Record<UpgradeStage, string> = {
  proposed: 'Proposed',
  signalled: 'Signalled',
  lockedIn: 'Locked in',
  inForce: 'In force',
  past: 'Past',
}

export const STAGE_TONES: Record<UpgradeStage, Tone> = {
  proposed: 'neutral',
  signalled: 'brand',
  lockedIn: 'warn',
  inForce: 'good',
  past: 'neutral',
}

export const STEP_WORDS: Record<CollectionEventKind, string> = {
  began: 'In force from genesis on',
  lockedIn: 'Locked in',
  replaced: 'Replaced by another successor',
  reset: 'Count set back to zero',
  resumed: 'Support is back, the count began anew',
  activated: 'Put in force',
  calledOff: 'Activation called off',
}
