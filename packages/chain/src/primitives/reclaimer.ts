import type { Reclaimer } from './ports.ts'

/** Nothing is ever seen to be unused, and what waits is done when memory is next asked for. */
const NONE: Reclaimer = {
  watch: () => undefined,
  unwatch: () => undefined,
  later: () => undefined,
  collect: () => undefined,
}

let installed: Reclaimer = NONE

export function setReclaimer(next: Reclaimer): void {
  installed = next
}

/** The reclaimer of this process. */
export function reclaimer(): Reclaimer {
  return installed
}
