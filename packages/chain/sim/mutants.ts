import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUILT, build, PACKAGE } from './build.ts'
import type { Outcome } from './job.ts'
import { drawKnobs, type Knobs } from './knobs.ts'
import { runPool } from './pool.ts'

/** One mistake in compiled code: in `file` below dist, `find` becomes `put`. Each `find` must stand there exactly once. */
interface Edit {
  readonly file: string
  readonly find: string
  readonly put: string
}

interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** Only seeds that fit can show it. */
  readonly fits?: (knobs: Knobs) => boolean
  readonly change?: Partial<Knobs>
  /** Faulty rounds of a run; left out: as drawn. */
  readonly rounds?: number
}

/** Short runs find most mistakes soonest. */
const ROUNDS = 12
const edit = (file: string, find: string, put: string): Edit => ({ file, find, put })
const one = (
  name: string,
  file: string,
  find: string,
  put: string,
  more: Omit<Mutant, 'name' | 'edits'> = {},
): Mutant => ({ name, edits: [edit(file, find, put)], rounds: ROUNDS, ...more })
const liar =
  (kind: string) =>
  ({ misbehaviours }: Knobs): boolean =>
    misbehaviours.some((one) => one.kind === kind)
const crashes: Partial<Knobs> = { crash: 30, crashAfterAnswer: 200, load: 40 }
const busy: Partial<Knobs> = { load: 40, slotMs: 86_400_000, producers: 3, backups: 1, misbehaviours: [] }
const paying: Partial<Knobs> = { ...busy, termSlots: 12 }
const torn: Partial<Knobs> = { delayMs: 1500, partition: 40 }
const DPOS = 'consensus/dpos/'
const VOTING = 'contracts/election/'
const REWARDS = 'contracts/reward/'

/** The mistakes the simulation must find. The last ones were once made. */
const MUTANTS: readonly Mutant[] = [
  one('a quorum of one less', `${DPOS}params.js`, '(doubled - (doubled % 3)) / 3 + 1', '(doubled - (doubled % 3)) / 3'),
  one(
    'the longest chain wins',
    `${DPOS}forkChoice.js`,
    'order(b.state.votes.prevoted, a.state.votes.prevoted) ||',
    '',
    { change: torn },
  ),
  one('contradicting headers accepted', `${DPOS}validate.js`, '!contradictsChain(state.votes, vote)', 'true', {
    fits: liar('denial'),
  }),
  one('reveal not checked', `${DPOS}validate.js`, 'outValueOf(data.reveal) === anchor ?', 'true ?', {
    fits: liar('forge'),
  }),
  one('prevoted height overstated', `${DPOS}validate.js`, 'data.prevotedHeight > state.votes.prevoted', 'false', {
    fits: liar('forge'),
  }),
  one('header signature off', `${DPOS}validate.js`, 'verifyHeaderSignature(header) :', 'true :', {
    fits: liar('forge'),
  }),
  one(
    'conflicts resolved backwards',
    `${DPOS}order.js`,
    'place = place + 1 === count ? 0 : place + 1',
    'place = place === 0 ? count - 1 : place - 1',
  ),
  one(
    'extra signature counted once',
    `${DPOS}schedule.js`,
    'sumOf([...signatures, signatureBy.get(round.extra) ?? 0n])',
    'sumOf(signatures)',
  ),
  one('excluded one round late', `${DPOS}params.js`, 'MISSES_TO_EXCLUDE = 2', 'MISSES_TO_EXCLUDE = 3', {
    change: { freeze: 20, longestOutage: 18 },
  }),
  one(
    'nobody comes back for who is excluded',
    `${DPOS}exclusion.js`,
    'others < least ? soonestOut(state, records, isOut) : undefined',
    'undefined',
    { change: { freeze: 20, longestOutage: 18 }, rounds: 20 },
  ),
  one(
    'last signed slot forgotten',
    'node/signer.js',
    'stored === undefined ? NOTHING : decodeLast(stored)',
    'NOTHING',
    { change: crashes },
  ),
  one('blocks not synced', 'ledger/ledger.js', 'write(ops, { sync: true })', 'write(ops, { sync: false })', {
    change: crashes,
  }),
  one('acceptance before the sync', 'mempool/journal.js', '{ sync: true }', '{ sync: false }', { change: crashes }),
  one('accepted transactions not read back', 'node/compose.js', 'await mempool.restore()', '0', { change: crashes }),
  one(
    'lost branches keep their transactions',
    'node/compose.js',
    'mempool.follow({ included, removed, finalizedHeight })',
    'mempool.follow({ included, removed: [], finalizedHeight })',
    { change: { ...torn, load: 40 } },
  ),
  one('replay accepted', 'ledger/checks.js', 'sets.some((ids) => ids.has(id))', 'false', {
    change: { load: 40, invalid: true },
  }),
  {
    name: 'a mark 65 blocks old',
    change: { load: 40, invalid: true },
    rounds: 20,
    edits: [
      edit('mempool/limits.js', 'MARK_WINDOW = 64n', 'MARK_WINDOW = 65n'),
      edit('ledger/checks.js', 'MARK_WINDOW = 64', 'MARK_WINDOW = 65'),
    ],
  },
  one('sender signature off', 'mempool/mempool.js', 'signer !== transaction.from', 'false', {
    change: { load: 40, invalid: true },
  }),
  one('state root not checked', 'ledger/ledger.js', 'tree.root !== header.stateRoot', 'false', { fits: liar('forge') }),
  one(
    'receipt root not checked',
    'ledger/ledger.js',
    'receiptRootOf(execution.receipts) !== header.receiptRoot',
    'false',
    { fits: liar('forge') },
  ),
  one(
    'last leaf doubled',
    'kernel/merkle/binary.js',
    'above.push(level[level.length - 1])',
    'above.push(innerHash(level[level.length - 1], level[level.length - 1]))',
    { change: busy },
  ),
  one(
    'fees vanish',
    'contracts/token/ports.js',
    'ctx.add(balances, { account: TREASURY_ADDRESS, symbol: NATIVE_SYMBOL }, fee);',
    '',
    { change: busy },
  ),
  one('votes stay after withdrawal', `${VOTING}methods/withdraw.js`, 'if (!isSwept(ctx, position))', 'if (false)', {
    change: busy,
  }),
  one(
    'withdrawn before the end',
    `${VOTING}methods/withdraw.js`,
    'position.endsAt > ctx.env.timeMs',
    'position.endsAt > ctx.env.timeMs + 86400000n * 90n',
    { change: busy },
  ),
  one('old weight stays on extension', `${VOTING}methods/extend.js`, 'if (!isSwept(ctx, position))', 'if (false)', {
    change: busy,
  }),
  one('weight a little high', `${VOTING}state.js`, 'mulDiv(amount, 990n + 3n', 'mulDiv(amount, 991n + 3n', {
    change: busy,
  }),
  one('fees stay where they are', `${REWARDS}methods/term.js`, 'funds.collectFees()', '0n', { change: paying }),
  one(
    'rewards paid twice',
    `${REWARDS}methods/claim.js`,
    'store(ctx, lockId, settle(ctx, lockId, share))',
    'settle(ctx, lockId, share)',
    {
      change: paying,
    },
  ),
  one('late voters share the running term', `${REWARDS}methods/settle.js`, 'next.startedAt < since', 'false', {
    change: paying,
  }),
  one('ending locks divide the term too', `${VOTING}methods/openTerm.js`, 'endedWeight(ctx, delegate, lastDay)', '0n', {
    change: { ...paying, termSlots: 60 },
  }),
  one(
    'the last block of a term is not paid',
    'chains/mainChain.js',
    '[token, reward, election, consensus]',
    '[token, election, reward, consensus]',
    {
      change: paying,
    },
  ),
  one('lightest elected', `${VOTING}state.js`, 'a.weight > b.weight ? -1 : 1', 'a.weight > b.weight ? 1 : -1'),
  one('term ends a block late', `${VOTING}methods/elect.js`, 'timeMs < running.endsAt', 'timeMs <= running.endsAt'),
  one('whole deposit to the finder', `${VOTING}methods/reportDoubleMining.js`, 'deposit / 2n', 'deposit', {
    fits: liar('equivocate'),
    change: { load: 40, evidence: true, slotMs: 4000 },
  }),
  one(
    'lost branch decides on restart',
    'ledger/loading.js',
    'chain.restore(node)',
    'chain.adopt(node, chain.plan(node))',
    { change: { ...crashes, ...torn } },
  ),
  one(
    'changes told out of order',
    'node/compose.js',
    'turn.then(() => follow(',
    'Promise.resolve().then(() => follow(',
    {
      change: {
        producers: 4,
        backups: 1,
        misbehaviours: [],
        slotMs: 4000,
        faultySlots: 250,
        freeze: 20,
        longestOutage: 30,
        diskMs: 300,
        load: 20,
      },
    },
  ),
  one(
    'two blocks made at once',
    'node/producer.js',
    'this.turn = this.turn.then(() => this.tick())',
    'this.turn = this.tick()',
    { change: { producers: 1, backups: 1, misbehaviours: [], load: 1, diskMs: 300, freeze: 20 } },
  ),
  {
    name: 'long forks not read to their end',
    edits: [
      edit(
        'node/peers.js',
        'if (answer.blocks.length > 1 && further)',
        'if (answer.blocks.length > 1 && this.deps.ledger.head().header.hash === reached?.hash)',
      ),
    ],
    fits: ({ partition, faultySlots, producers }) => partition === 100 && faultySlots === 110 * (producers + 1),
  },
]

/** A package of its own with compiled code that has the mistake; its imports stay inside. */
function plant({ name, edits }: Mutant): string {
  const home = join(PACKAGE, 'dist', 'mutants', name.replaceAll(' ', '-'))
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const skip = [join(PACKAGE, 'dist', 'mutants'), join(PACKAGE, 'dist', 'simdev')]
  for (const part of [
    'primitives',
    'kernel',
    'contracts',
    'consensus',
    'mempool',
    'executor',
    'store',
    'p2p',
    'ledger',
    'chains',
    'node',
    'testing',
    'sim',
    'lightclient',
  ]) {
    const from = join(PACKAGE, 'dist', part)
    cpSync(from, join(home, 'dist', part), {
      recursive: true,
      filter: (path) => !skip.includes(path) && !/\.d\.ts$/.test(path),
    })
  }
  cpSync(join(PACKAGE, 'package.json'), join(home, 'package.json'))
  for (const { file, find, put } of edits) {
    const path = join(home, 'dist', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(find).length !== 2)
      throw new Error(`${name}: "${find}" stands ${text.split(find).length - 1} times in ${file}`)
    writeFileSync(
      path,
      text.replace(find, () => put),
    )
  }
  return home
}

/** The first seed that finds the mutant, with what it found. */
async function hunt(
  mutant: Mutant,
  budget: number,
  processes: number,
): Promise<{ runs: number; found: string | undefined }> {
  const home = plant(mutant)
  let seed = 0n
  let asked = 0
  let runs = 0
  let found: string | undefined
  const next = (): string | undefined => {
    if (asked >= budget || found !== undefined) return undefined
    asked += 1
    do seed += 1n
    while (mutant.fits?.(drawKnobs(seed, mutant.rounds)) === false)
    const rounds = mutant.rounds === undefined ? {} : { rounds: mutant.rounds }
    return JSON.stringify({
      seed: String(seed),
      ...rounds,
      ...(mutant.change === undefined ? {} : { change: mutant.change }),
    })
  }
  const answered = (text: string): boolean => {
    const { violation, seed: by } = JSON.parse(text) as Outcome
    runs += 1
    if (violation !== undefined) found ??= `seed ${by}: ${violation.rule}`
    return found !== undefined
  }
  try {
    await runPool({ script: join(home, 'dist', 'sim', 'worker.js'), processes, next, answered })
  } catch (error) {
    found ??= `a process ended: ${String(error)}`
  }
  rmSync(home, { recursive: true, force: true })
  return { runs, found }
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    budget: { type: 'string' },
    processes: { type: 'string' },
    'no-build': { type: 'boolean' },
  },
})
if (values['no-build'] !== true) build()
console.log(`compiled code of ${BUILT}, ${MUTANTS.length} mutants`)
let alive = 0
for (const mutant of MUTANTS) {
  if (values.only !== undefined && !mutant.name.includes(values.only)) continue
  const { runs, found } = await hunt(mutant, Number(values.budget ?? '200'), Number(values.processes ?? '2'))
  if (found === undefined) alive += 1
  console.log(
    `${found === undefined ? 'ALIVE ' : 'killed'} ${mutant.name.padEnd(42)} ${String(runs).padStart(4)} runs  ${found ?? ''}`,
  )
}
console.log(alive === 0 ? 'every mutant was found' : `${alive} mutants live`)
if (alive > 0) process.exitCode = 1
