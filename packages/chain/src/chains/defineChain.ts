import type { ProposeInput } from '#consensus'
import { genesisBlock } from '#kernel'
import type { Chain, ChainDefinition } from './types.ts'

/** Completes a definition with its first block and identity. Throws `genesis.*`. */
export function defineChain<S, P extends ProposeInput>(definition: ChainDefinition<S, P>): Chain<S, P> {
  const block = genesisBlock(definition.genesis)
  return {
    ...definition,
    genesisBlock: block,
    network: { name: definition.genesis.network, genesisHash: block.header.hash },
  }
}
