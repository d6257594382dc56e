import { AelfError } from '#primitives'

/**
 * Why a proof was refused. One value or entry: `light.path`, `light.state`, `light.transaction`, `light.receipt`, `light.proof`.
 * One header: `light.header`, `light.signature`, `light.producer`. Headers that follow each other: `light.network`, `light.chain`, `light.term`,
 * `light.list`, `light.quorum`. A change of producers: `light.commitment`, `light.unfinishedTerm`.
 */
export class LightClientError extends AelfError {
  override readonly name: string = 'LightClientError'
}
