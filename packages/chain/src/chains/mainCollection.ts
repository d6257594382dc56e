import { collection } from '#contracts/collection'
import { consensus, parameterProvider } from '#contracts/consensus'
import { election, parameterPort, producersProvider, rewardPort, stakePort } from '#contracts/election'
import { foundation, membersProvider } from '#contracts/foundation'
import { depositPort, membersPort, producersPort, proposal } from '#contracts/proposal'
import { fundsPort, reward, rewardProvider } from '#contracts/reward'
import { bindPort, type Collection } from '#contracts/runtime'
import { feePolicyAt, feeProvider, fundsProvider, stakeProvider, token } from '#contracts/token'

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
