import type { Knobs } from './knobs.ts'

/** One mistake in compiled code: in `file` below dist, `find` becomes `put`. Each `find` must stand there exactly once. */
export interface Edit {
  readonly file: string
  readonly find: string
  readonly put: string
}

export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** Only seeds that fit can show it. */
  readonly fits?: (knobs: Knobs) => boolean
  readonly change?: Partial<Knobs>
  /** Runs about upgrades of the collection. */
  readonly upgrades?: true
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
/** A machine whose disk answers with something else. */
const spoilt: Partial<Knobs> = {
  home: true,
  slotMs: 4000,
  producers: 4,
  backups: 1,
  misbehaviours: [],
  load: 20,
  clockJump: 0,
}
/** Nothing but what is named beside it goes wrong on the spoilt disk. */
const oneFault: Partial<Knobs> = {
  ...spoilt,
  bitFlip: 0,
  readFault: 0,
  torn: 0,
  lostTail: 0,
  powerCut: 0,
  backup: 0,
  diskFault: 0,
}
/** Power goes while a batch is written, which arrives in part. */
const tornWrites: Partial<Knobs> = { ...oneFault, torn: 1000, powerCut: 200, diskMs: 300 }
/** A network on which everything arrives, and machines that stay up. */
const steady: Partial<Knobs> = {
  producers: 4,
  backups: 1,
  misbehaviours: [],
  slotMs: 4000,
  loss: 0,
  corrupt: 0,
  swizzle: 0,
  partition: 0,
  crash: 0,
  crashAfterAnswer: 0,
  freeze: 0,
  diskFault: 0,
  clockJump: 0,
  relay: false,
}
const torn: Partial<Knobs> = { delayMs: 1500, partition: 40 }
const upgrades: Pick<Mutant, 'upgrades' | 'rounds'> = { upgrades: true }
const UPDATES = 'contracts/collection/methods/countSignal.js'
const STANDARDS = 'kernel/standards/collection.js'
const DPOS = 'consensus/dpos/'
const VOTING = 'contracts/election/'
const REWARDS = 'contracts/reward/'

/** The mistakes the simulation must find. The last ones were once made. */
export const MUTANTS: readonly Mutant[] = [
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
    'node/keys/signedRecord.js',
    'stored === undefined ? undefined : decodeLast(stored)',
    'undefined',
    { change: crashes },
  ),
  one('blocks not synced', 'ledger/ledger.js', 'write(ops, { sync: true })', 'write(ops, { sync: false })', {
    change: crashes,
  }),
  one('acceptance before the sync', 'store/storeLog.js', '{ sync: true }', '{ sync: false }', { change: crashes }),
  one('accepted transactions not read back', 'node/compose.js', 'await mempool.restore()', '0', { change: crashes }),
  one(
    'lost branches keep their transactions',
    'node/following.js',
    'mempool.follow({ included, removed, finalizedHeight })',
    'mempool.follow({ included, removed: [], finalizedHeight })',
    { change: { ...torn, load: 40 } },
  ),
  one('replay accepted', 'ledger/checks.js', 'filter.mayHaveKey(key) && ids.has(id)', 'false', {
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
    'chains/mainCollection.js',
    '[token, reward, election, consensus,',
    '[token, election, reward, consensus,',
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
    'writes go on after a disk error',
    'node/daemon/storeGuard.js',
    'if (dead !== undefined)\n            throw dead;',
    '',
    { change: { diskFault: 40, load: 20, slotMs: 4000 } },
  ),
  one(
    'evicted producers stay in rotation',
    `${DPOS}exclusion.js`,
    'map((entry) => entry.address).filter((address) => !evicted.includes(address))',
    'map((entry) => entry.address)',
    { fits: liar('equivocate'), change: { load: 40, evidence: true, slotMs: 4000 } },
  ),
  one('a halt is everybody’s fault', `${DPOS}schedule.js`, 'isHalt(round, state.slot, slot)', 'false', {
    // Of three producers none can be excluded, so nobody could be blamed.
    change: { producers: 4, backups: 0, misbehaviours: [], crash: 300, freeze: 0, longestOutage: 12, slotMs: 4000 },
    rounds: 20,
  }),
  one('excluded for twice as long', `${DPOS}params.js`, '1n << BigInt(exponent)', '2n << BigInt(exponent)', {
    change: { freeze: 20, longestOutage: 18 },
  }),
  one(
    'hash chains begin anew with each term',
    `${DPOS}term.js`,
    'before !== undefined && before.commitment === commitment ? before.anchor : commitment',
    'commitment',
    { fits: ({ termSlots }) => termSlots < 100 },
  ),
  one('who is not in the list votes', `${DPOS}finality.js`, 'if (!terms.includes(entry.term))', 'if (false)', {
    fits: ({ termSlots }) => termSlots < 100,
    change: { bigVotes: true, load: 40, backups: 3 },
    rounds: 20,
  }),
  one('votes counted over one round', `${DPOS}params.js`, 'VOTE_WINDOW_ROUNDS = 5', 'VOTE_WINDOW_ROUNDS = 1'),
  one(
    'places wanted by the wrong residue',
    `${DPOS}order.js`,
    'signature % BigInt(count)',
    '(signature >> 8n) % BigInt(count)',
  ),
  one(
    'index not bound into the list root',
    'kernel/merkle/binary.js',
    'u32(index), sha256(item)',
    'u32(0), sha256(item)',
    {
      change: busy,
    },
  ),
  one(
    'lock released before its end',
    'contracts/token/methods/unlock.js',
    'found.endsAt > ctx.env.timeMs',
    'found.endsAt > ctx.env.timeMs + 86400000n',
    {
      change: busy,
      rounds: 20,
    },
  ),
  one('a slot is signed again', 'node/keys/signer.js', 'block.slot <= last.slot && !again', 'false', {
    change: { crash: 200, clockJump: 300, longestOutage: 1, slotMs: 4000, misbehaviours: [], producers: 3 },
  }),
  one(
    'transaction root not checked',
    'ledger/checks.js',
    'transactionRootOf(transactions) === header.transactionRoot',
    'true',
    {
      fits: liar('forge'),
      change: { executeAll: true },
    },
  ),
  one('prevoted height understated', `${DPOS}validate.js`, 'data.prevotedHeight < state.votes.prevoted', 'false', {
    fits: liar('forge'),
  }),
  one(
    'lost branch decides on restart',
    'ledger/loading.js',
    'chain.restore(node)',
    'chain.adopt([node], chain.plan([node]))',
    { change: { ...crashes, ...torn } },
  ),
  one(
    'changes told out of order',
    'node/following.js',
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
  one('other bytes believed', 'store/checked.js', 'if (stored[length + at] !== checks[from + at])', 'if (false)', {
    change: { ...spoilt, bitFlip: 200, crash: 60 },
    rounds: 20,
  }),
  one('half a value believed', 'store/checked.js', 'if (stored[length + at] !== checks[from + at])', 'if (false)', {
    change: tornWrites,
    rounds: 20,
  }),
  one(
    'a batch that arrived in part is another chain’s',
    'ledger/loading.js',
    "new LedgerError('ledger.corrupt', message)",
    "new LedgerError('ledger.otherChain', message)",
    { change: tornWrites, rounds: 20 },
  ),
  one(
    'who lost the end of its log never signs again',
    'node/keys/keyWatch.js',
    'return slot > this.until &&',
    'return !this.options.doubtful && slot > this.until &&',
    { change: { ...oneFault, producers: 3, backups: 0, lostTail: 1000, crash: 60, longestOutage: 4 }, rounds: 20 },
  ),
  {
    name: 'transactions told to one peer, once',
    // A censor, who forgets what it heard.
    change: { ...steady, misbehaviours: [{ machine: 0, kind: 'censor' }], load: 40 },
    rounds: 20,
    edits: [
      edit(
        'node/peers.js',
        "(transactions) => this.broadcast({ kind: 'transactions', transactions })",
        "(transactions) => this.send(deps.net.peers()[0], { kind: 'transactions', transactions })",
      ),
      edit('node/offers.js', 'for (const envelope of this.waiting())\n            this.outbox.add(envelope);', ''),
    ],
  },
  one(
    'a block above its size is the node’s own mistake',
    'kernel/block/block.js',
    "throw new KernelError('block.tooLarge',",
    "throw new RangeError('block.tooLarge',",
    { fits: liar('forge'), change: { corrupt: 0 } },
  ),
  one(
    'places in a list count to 64',
    'kernel/merkle/binary.js',
    'u32(index), sha256(item)',
    'u32(index & 63), sha256(item)',
    {
      change: { ...steady, flood: 300, load: 4 },
    },
  ),
  one(
    'a block worked out alone leaves the state before it',
    'ledger/ledger.js',
    'return { ...execution, tree }',
    'return { ...execution, tree: treeOf(parent) }',
    { change: { ...steady, executeAll: false, forget: 300, delayMs: 1500, load: 40 } },
  ),
  one(
    'writes go on after a failed read',
    'node/daemon/storeGuard.js',
    'if (!closed && !isClosed(cause))',
    'if (false)',
    {
      change: { ...spoilt, readFault: 300, crash: 20 },
      rounds: 20,
    },
  ),
  one(
    'an old backup never hears what its key signed since',
    'node/keys/keyWatch.js',
    'if (isNews)\n            this.adopt(header);',
    '',
    { fits: ({ backup, producers }) => backup > 0 && producers >= 3, rounds: 20 },
  ),
  one('verdicts shared without the signature', 'sim/memo.js', '=> hash + signature;', '=> hash;', {
    fits: liar('forge'),
    change: { executeAll: false },
  }),
  one(
    'outcomes shared with any body',
    'ledger/ledger.js',
    'return checkTransactionRoot(block, shared)',
    'return shared',
    { fits: liar('forge'), change: { executeAll: false, load: 40, corrupt: 10, slotMs: 4000 } },
  ),
  one(
    'locked in one short of the line',
    UPDATES,
    "if (support >= ctx.env.param('lockIn')) {\n        ctx.set(candidate",
    "if (support + 1n >= ctx.env.param('lockIn')) {\n        ctx.set(candidate",
    upgrades,
  ),
  one(
    'confirmation goes on below the line',
    UPDATES,
    'confirmed: 0, resetAt: ctx.env.height',
    'resetAt: ctx.env.height',
    upgrades,
  ),
  one(
    'confirmed one short of the line',
    UPDATES,
    "if (support >= ctx.env.param('lockIn')) {\n        const next",
    "if (support + 1n >= ctx.env.param('lockIn')) {\n        const next",
    upgrades,
  ),
  one(
    'another bundle never replaces the candidate',
    UPDATES,
    'const isNew = signal !== ZERO_HASH && signal !== found?.hash',
    'const isNew = signal !== ZERO_HASH && found === undefined',
    upgrades,
  ),
  one('new code one block late', STANDARDS, 'height >= current.since ||', 'height > current.since ||', upgrades),
  one(
    'activation dated one block early',
    UPDATES,
    'const since = ctx.env.height + 1n',
    'const since = ctx.env.height',
    upgrades,
  ),
  one('state never taken over', 'executor/block.js', "if (upgrade?.kind === 'activate')", 'if (false)', upgrades),
  one(
    'a laggard goes on',
    'node/daemon/collectionWatch.js',
    '(await collections.obtain(needed.hash)) === undefined',
    'false',
    upgrades,
  ),
  {
    name: 'a laggard runs the code it has',
    ...upgrades,
    edits: [
      edit('executor/eras.js', '(await eras.obtain(needed.hash))', '(await eras.obtain(needed.hash)) ?? eras.first'),
      edit('executor/eras.js', 'const era = eras.find(hash);', 'const era = eras.find(hash) ?? eras.first;'),
    ],
  },
  one(
    'a reverted machine fails with another code',
    'node/daemon/collectionWatch.js',
    "error.code !== 'execution.collection'",
    'true',
    upgrades,
  ),
  {
    name: 'long forks not read to their end',
    edits: [
      edit(
        'node/gap.js',
        'if (mayHaveMore(answer.blocks) && further)',
        'if (mayHaveMore(answer.blocks) && this.deps.ledger.head().header.hash === reached?.hash)',
      ),
    ],
    fits: ({ partition, faultySlots, producers }) => partition === 100 && faultySlots === 110 * (producers + 1),
  },
]
