import { collection } from '#contracts/collection'
import { consensus, parameterProvider } from '#contracts/consensus'
import { election, parameterPort, producersProvider, rewardPort, stakePort } from '#contracts/election'
import { foundation, membersProvider } from '#contracts/foundation'
import { depositPort, membersPort, producersPort, proposal } from '#contracts/proposal'
import { fundsPort, reward, rewardProvider } from '#contracts/reward'
import { bindPort, type Collection, createRegistry, describeContract } from '#contracts/runtime'
import { feePolicyAt, feeProvider, fundsProvider, stakeProvider, token } from '#contracts/token'
import { type Hash, taggedHash, writer } from '#primitives'

/** The code of the main chain. */
export const mainCollection: Collection = {
  // A block counts for the term it ends, hence rewards come before the election. What runs the next block is decided last.
  contracts: [token, reward, election, consensus, foundation, proposal, collection],
  ports: [
    bindPort(stakePort, stakeProvider),
    bindPort(fundsPort, fundsProvider),
    bindPort(rewardPort, rewardProvider),
    bindPort(parameterPort, parameterProvider),
    bindPort(depositPort, stakeProvider),
    bindPort(membersPort, membersProvider),
    bindPort(producersPort, producersProvider),
  ],
  fees: feeProvider,
  feePolicyAt,
}

/** Mirrors what the contracts declare; genesis commits to it. */
export function mainCollectionHash(): Hash {
  const described = createRegistry(mainCollection).contracts.map((contract) =>
    JSON.stringify(describeContract(contract), (_key, value) => (typeof value === 'bigint' ? value.toString() : value)),
  )
  return taggedHash('aelf/collection/1', ...described.map((text) => writer().string(text).finish()))
}
