import { AelfError } from '#primitives'

/** Why a proof was refused: `light.header`, `light.signature`, `light.producer`, `light.path`, `light.state`, `light.transaction`, `light.receipt`, `light.proof`. */
export class LightClientError extends AelfError {
  override readonly name: string = 'LightClientError'
}
