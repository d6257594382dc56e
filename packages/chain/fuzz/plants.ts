import type { Plant } from './target.ts'
import type { HonestChain, Victim } from './world.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Calls that go well before a planted mistake shows. */
const GOOD_CALLS = 5

function onceInAWhile(mistake: () => void): () => void {
  let calls = 0
  return () => {
    calls += 1
    if (calls > GOOD_CALLS) mistake()
  }
}

function undefinedIsNoFunction(): never {
  throw new TypeError('undefined is not a function')
}

/** Puts a mistake into the victim itself, so that what finds it is the check that would find it in the product. */
export function plantBug(victim: Victim, chain: HonestChain, plant: Plant | undefined): void {
  const { node } = victim
  const ledger: Writable<typeof node.ledger> = node.ledger
  const api: Writable<typeof node.api> = node.api
  const mempool: Writable<typeof node.mempool> = node.mempool
  const { header, ...rest } = ledger.head()
  switch (plant) {
    case 'handler': {
      mempool.addAll = () => Promise.reject(new TypeError('undefined is not a function'))
      break
    }
    case 'fork': {
      // Any block is taken, whoever made it.
      const importBlock = ledger.importBlock.bind(ledger)
      ledger.importBlock = (block, ...more) => {
        if (chain.hashOf.get(block.header.height) !== block.header.hash)
          ledger.head = () => ({ ...rest, header: block.header })
        return importBlock(block, ...more)
      }
      break
    }
    case 'finality': {
      const finalized = ledger.finalized.bind(ledger)
      const fallen = onceInAWhile(() => {
        ledger.finalized = () => {
          const now = finalized()
          return { ...now, header: { ...now.header, height: now.header.height - 1n } }
        }
      })
      const importBlock = ledger.importBlock.bind(ledger)
      ledger.importBlock = (...args) => {
        fallen()
        return importBlock(...args)
      }
      break
    }
    case 'internal': {
      const status = api.status.bind(api)
      const mistake = onceInAWhile(undefinedIsNoFunction)
      api.status = () => {
        mistake()
        return status()
      }
      break
    }
    case 'moved': {
      const status = api.status.bind(api)
      const move = onceInAWhile(() => {
        ledger.head = () => ({ ...rest, header: { ...header, hash: chain.world.chain.network.genesisHash } })
      })
      api.status = () => {
        move()
        return status()
      }
      break
    }
    default:
  }
}
