import { pickThing, type Simulation, type SimulationOperation } from '#contracts/runtime'
import { bytesToHex, type Prng } from '#primitives'
import { PROPOSAL } from './params.ts'

const contract = PROPOSAL.name

const operation = (name: string, weight: number, build: SimulationOperation['build']): SimulationOperation => ({
  name: `${contract}.${name}`,
  weight,
  build,
})

/** Few texts and archives exist, so that a wrong one is sometimes named. */
const hashOf = (kind: string, number: number): `0x${string}` =>
  `0x${kind}${number.toString(16).padStart(64 - kind.length, '0')}`
const TEXT = 'e1'
const ARCHIVE = 'a1'
const few = (prng: Prng): number => (prng.bool([9, 10]) ? 1 : prng.int(3))

const choice = (name: 'adopt' | 'decline', weight: number): SimulationOperation =>
  operation(name, weight, (prng, world) => {
    const proposal = pickThing(prng, world, 'proposals')
    if (proposal === undefined) return undefined
    const args = { proposalId: proposal.id, textHash: hashOf(TEXT, few(prng)), archiveHash: hashOf(ARCHIVE, few(prng)) }
    return { from: prng.pick(world.accounts), contract, method: name, args }
  })

/** Weighted random calls. `made.proposals` are submissions; members and delegates are among `accounts`. */
export const simulation: Simulation = [
  operation('submit', 6, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'submit',
    args: {
      title: prng.bool([9, 10]) ? 'A simulated feature' : ' ',
      textHash: hashOf(TEXT, few(prng)),
      archiveHash: prng.bool([9, 10]) ? hashOf(ARCHIVE, few(prng)) : bytesToHex(new Uint8Array(32)),
      archiveBytes: BigInt(prng.int(11)) * 1_048_576n,
      bundleHash: bytesToHex(new Uint8Array(32)),
    },
  })),
  choice('adopt', 14),
  choice('decline', 6),
  operation('review', 4, (prng, world) => {
    const proposal = pickThing(prng, world, 'proposals')
    return (
      proposal && {
        from: prng.pick(world.accounts),
        contract,
        method: 'review',
        args: {
          proposalId: proposal.id,
          archiveHash: hashOf(ARCHIVE, few(prng)),
          verdict: prng.int(5),
          reviewHash: hashOf('ee', prng.int(3)),
          checklist: prng.int(300),
        },
      }
    )
  }),
  operation('withdraw', 2, (prng, world) => {
    const proposal = pickThing(prng, world, 'proposals')
    return proposal && { from: proposal.from, contract, method: 'withdraw', args: { proposalId: proposal.id } }
  }),
  operation('expire', 3, (prng, world) => {
    const proposal = pickThing(prng, world, 'proposals')
    return (
      proposal && { from: prng.pick(world.accounts), contract, method: 'expire', args: { proposalId: proposal.id } }
    )
  }),
]
