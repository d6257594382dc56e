import {
  Activity,
  Blocks,
  CircleFadingArrowUp,
  CircleGauge,
  CircleUser,
  FileCode,
  Layers,
  Orbit,
  Server,
  UsersRound,
  Vote,
} from 'lucide-react'
import type { Destination } from './navigation.ts'

const ICONS = {
  network: Orbit,
  election: Vote,
  delegates: UsersRound,
  stake: Layers,
  proposals: FileCode,
  upgrades: CircleFadingArrowUp,
  rounds: CircleGauge,
  explorer: Blocks,
  status: Activity,
  node: Server,
  me: CircleUser,
} as const

export function DestinationIcon({ name, size = 18 }: { name: Destination['icon'] | 'me'; size?: number }) {
  const Icon = ICONS[name]
  return <Icon size={size} strokeWidth={1.9} aria-hidden="true" className="shrink-0" />
}
