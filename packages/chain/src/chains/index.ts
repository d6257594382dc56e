export { createEra, declaredBy } from './createEra.ts'
export { defineChain } from './defineChain.ts'
export {
  createDevnetChain,
  type DevnetAccount,
  type DevnetChain,
  type DevnetChainOptions,
  type DevnetDelegate,
  demoAccount,
} from './devnetChain.ts'
export { createGenesisChain, GENESIS_LIMITS, loadGenesisFile, writeGenesisFile } from './genesisFile.ts'
export { createMainChain, type GenesisCandidate, type GenesisVote, type MainChainOptions } from './mainChain.ts'
export { mainCollection } from './mainCollection.ts'
export { mainCollectionHash } from './mainCollectionHash.ts'
export type { Chain, ChainDefinition, Era, MainChain } from './types.ts'
