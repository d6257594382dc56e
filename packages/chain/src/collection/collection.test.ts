import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { mainCollection, mainCollectionHash } from '#chains'
import { electionSimulation } from '#contracts/election'
import { proposalSimulation } from '#contracts/proposal'
import { rewardSimulation } from '#contracts/reward'
import { describeContract, pickOperation, type SimulatedThing } from '#contracts/runtime'
import { tokenSimulation } from '#contracts/token'
import { encodeReceipt } from '#kernel'
import { bytesToHex, createPrng, taggedHash, utf8ToBytes } from '#primitives'
import { collectionHashFile, renderCollectionHash } from '../../scripts/generateCollection.ts'
import { createSandbox, sandboxAccount, sandboxCommitment } from '../testing/sandbox/index.ts'
import {
  auditCode,
  buildBundle,
  bundleHash,
  decodeBundle,
  encodeBundle,
  type LoadedBundle,
  loadBundle,
  readArchive,
  readMainSource,
  readSourceFolder,
  type Source,
  sourceAmong,
  sourceHash,
  writeArchive,
} from './index.ts'

let source: Source
let bytes: Uint8Array
let loaded: LoadedBundle

beforeAll(async () => {
  source = await readMainSource()
  bytes = (await buildBundle(source)).bytes
  loaded = loadBundle(bytes)
}, 180_000)

const manifest = { name: 'x', version: '1', params: {} }
const text = (value: string): Uint8Array => utf8ToBytes(value)
/** A small source with the given lines in its entry. */
const small = (entry: string, more: Record<string, string> = {}): Source =>
  new Map(
    Object.entries({
      'collection.json': JSON.stringify({ name: 'small', version: '2', entry: 'main.ts' }),
      'main.ts': entry,
      ...more,
    }).map(([path, content]) => [path, text(content)]),
  )

describe('bundles [BUNDLE-ENC-1]', () => {
  test('have one encoding and one hash', () => {
    const bundle = {
      name: 'a.b-c',
      version: '1.2.0',
      params: { 'token.feeBase': 7n, 'election.firstN': 2n },
      code: 'é;',
    }
    const encoded = encodeBundle(bundle)
    expect(decodeBundle(encoded)).toEqual({ ...bundle, params: { 'election.firstN': 2n, 'token.feeBase': 7n } })
    expect(bundleHash(encoded)).toBe(taggedHash('aelf/collection/2', encoded))
    const vector = JSON.parse(readFileSync(new URL('../../vectors/bundle.json', import.meta.url), 'utf8'))
    expect(bytesToHex(encoded)).toBe(vector.encoded)
    expect(bundleHash(encoded)).toBe(vector.hash)
  })

  test.each([
    ['a name', { name: 'A b' }],
    ['a version', { version: '' }],
    ['a parameter without contract', { params: { feeBase: 1n } }],
    ['a parameter of the engine', { params: { 'consensus.slotMs': 1n } }],
  ])('error: %s', (_what, change) => {
    expect(() => encodeBundle({ ...manifest, code: '', ...change })).toThrow(
      expect.objectContaining({ code: 'collection.format' }),
    )
  })

  test('error: too large, cut, other bytes, another order of parameters', () => {
    expect(() => encodeBundle({ ...manifest, code: 'x'.repeat(4 * 1024 * 1024) })).toThrow(
      expect.objectContaining({ code: 'collection.tooLarge' }),
    )
    const good = encodeBundle({ ...manifest, params: { 'a.b': 1n, 'a.c': 2n }, code: ';' })
    for (let length = 0; length < good.length; length += 7) {
      expect(() => decodeBundle(good.slice(0, length))).toThrow(expect.objectContaining({ code: 'collection.format' }))
    }
    const swapped = good.map((byte, at) => (byte === 98 && good[at - 1] === 46 ? 99 : byte))
    expect(() => decodeBundle(swapped)).toThrow('in the order')
    expect(() => loadBundle(good, mainCollectionHash)).toThrow(expect.objectContaining({ code: 'collection.hash' }))
  })
})

describe('sources and archives', () => {
  test('an archive is the same whatever it was made from, and gives back its files', async () => {
    const archive = writeArchive(source)
    const again = readArchive(archive)
    expect(writeArchive(new Map([...again].reverse()))).toEqual(archive)
    expect(sourceHash(again)).toBe(sourceHash(source))
    const folder = await mkdtemp(join(tmpdir(), 'aelf-source-'))
    for (const [path, content] of again) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    await writeFile(join(folder, 'contracts', 'x.test.ts'), 'not part of it')
    expect(sourceHash(await readSourceFolder(folder))).toBe(sourceHash(source))
    await rm(folder, { recursive: true })
    expect([...source.keys()].some((path) => path.includes('.test.') || path.includes('runtime'))).toBe(false)
  })

  test.each([
    ['no tar', text('hello'.repeat(200))],
    ['nothing', new Uint8Array(1024)],
  ])('error: %s', (_what, archive) => {
    expect(() => readArchive(archive)).toThrow(expect.objectContaining({ code: 'collection.source' }))
  })

  test('error: paths that lead out', () => {
    for (const path of ['../a.ts', '/a.ts', 'a/../b.ts', 'a.sh', '.a.ts', `${'a'.repeat(120)}.ts`]) {
      expect(() => writeArchive(new Map([[path, text('')]])), path).toThrow(
        expect.objectContaining({ code: 'collection.source' }),
      )
    }
  })
})

describe('building [BUNDLE-BUILD-1]', () => {
  test('this program is what genesis commits to: run scripts/generateCollection.ts', () => {
    expect(bundleHash(bytes)).toBe(mainCollectionHash)
    expect(readFileSync(collectionHashFile, 'utf8')).toContain(mainCollectionHash)
    expect(renderCollectionHash(mainCollectionHash)).toContain(mainCollectionHash)
  })

  test('does not depend on where the source is, what it was packed in, or its comments', async () => {
    expect((await buildBundle(readArchive(writeArchive(source)))).bytes).toEqual(bytes)
    const plain = 'export const mainCollection = { contracts: [] }'
    const [a, b] = [await buildBundle(small(plain)), await buildBundle(small(`// why\n${plain}`))]
    expect(b.bytes).toEqual(a.bytes)
    expect(a.bundle.code).not.toMatch(/\/(?:home|tmp|work)\b/)
    expect((await buildBundle(small(plain.replace('[]', '[1]')))).bytes).not.toEqual(a.bytes)
  })

  test.each([
    ['a package', "import 'zod'\n"],
    ['the platform', "import { readFileSync } from 'node:fs'\nexport const mainCollection = readFileSync\n"],
    ['a file outside', "import '../../secret.ts'\n"],
    ['import() of a file', "export const mainCollection = import('./main.ts')\n"],
    ['no export of that name', 'export const other = 1\n'],
    ['no TypeScript', 'export const = \n'],
  ])('error: %s', async (_what, entry) => {
    await expect(buildBundle(small(entry))).rejects.toMatchObject({
      code: expect.stringMatching(/^collection\.(build|audit)$/),
    })
  })

  test('error: no manifest, a field nobody knows, an entry that is not there', async () => {
    for (const manifestText of ['{', '[]', '{"name":"a","version":"1","entry":"gone.ts"}', '{"nam":"a"}', 'null']) {
      await expect(buildBundle(small('', { 'collection.json': manifestText })), manifestText).rejects.toMatchObject({
        code: 'collection.source',
      })
    }
  })
})

describe('the source among the files of an archive', () => {
  const files = (root: string, more: Record<string, string> = {}): [string, Uint8Array][] =>
    Object.entries({ 'collection.json': '{}', 'main.ts': '', 'main.test.ts': 'no', 'x.png': 'no', ...more }).map(
      ([path, content]) => [`${root}${path}`, text(content)],
    )

  test('default: as from the folder, also with one folder around everything', () => {
    const more = { '.github/a.json': '', 'node_modules/b/c.ts': '', 'contracts/d.ts': '' }
    for (const root of ['', 'aelf-1.2/'])
      expect([...(sourceAmong(files(root, more)) ?? []).keys()]).toEqual([
        'collection.json',
        'main.ts',
        'contracts/d.ts',
      ])
  })

  test('behavior: none where no collection is described at its root', () => {
    expect(sourceAmong([['readme.md', text('x')]])).toBeUndefined()
    expect(sourceAmong([...files('a/'), ['b/main.ts', text('')]])).toBeUndefined()
    expect(sourceAmong([])).toBeUndefined()
  })

  test('error: what no source may be', () => {
    expect(() => sourceAmong(files('', { 'a b.ts': '' }))).toThrow(
      expect.objectContaining({ code: 'collection.source' }),
    )
  })
})

describe('the audit [BUNDLE-AUDIT-1]', () => {
  test('a build names file and line of what it refuses', async () => {
    // Lines of a bundle are others: it has no comments, no types and nothing that is not used.
    const other =
      '// One.\ntype T = number\nconst unused = (): T => 2\nexport const a: T = 1\n\nexport const b: T = a + Date\n'
    const files = { 'deep/other.ts': other, 'more.ts': 'export const c = 3\n' }
    const entry =
      "import { b } from './deep/other.ts'\nimport { c } from './more.ts'\nexport const mainCollection = [b, c]\n"
    await expect(buildBundle(small(entry, files))).rejects.toMatchObject({
      code: 'collection.audit',
      message: 'Date is not for a collection (deep/other.ts:6:25)',
      details: { what: 'Date', file: 'deep/other.ts', line: 6, column: 25, text: 'export const b: T = a + Date' },
    })
    await expect(buildBundle(small('\nexport const = \n'))).rejects.toMatchObject({
      code: 'collection.build',
      details: { file: 'main.ts', line: 2, text: 'export const =' },
    })
  })

  test.each([
    ['Date.now()', 'Date'], ['Math.max(1, 2)', 'Math'], ['globalThis.x', 'globalThis'], ['process.env', 'process'],
    ['new Function("return 1")', 'Function'], ['eval("1")', 'eval'], ['fetch("x")', 'fetch'], ['setTimeout(() => 0)', 'setTimeout'],
    ['new Proxy({}, {})', 'Proxy'], ['Intl.DateTimeFormat()', 'Intl'], ['new WeakRef({})', 'WeakRef'], ['WebAssembly', 'WebAssembly'],
    ['new SharedArrayBuffer(1)', 'SharedArrayBuffer'], ['Atomics.load', 'Atomics'], ['(() => 0).constructor', 'the property constructor'],
    ['({})["constructor"]', 'the property constructor'], ['const { constructor: c } = {}', 'the property constructor'],
    ['({}).__proto__', 'the property __proto__'], ['[].__proto__', 'the property __proto__'], ['Array.prototype', 'the property prototype'],
    ['async () => 1', 'async'], ['function* x() {}', 'a generator'], ['import("x")', 'import()'], ['0.1 + 0.2', 'the fraction 0.1'],
    ['1e-7', 'the fraction 1e-7'], ['/(a+)+b/.test("a")', 'a regular expression'], ['/\\w/.test("a")', 'a regular expression'],
    ['"a".localeCompare("b")', 'the property localeCompare'], ['somethingElse()', 'the unknown name somethingElse'],
    ['String.raw`a`', 'a tagged template'], ['debugger', 'debugger'], ['function f() { return arguments }', 'arguments'],
    ['const process = 1', 'process'], ['new Error("x")', 'Error'],
  ])('refuses %s, naming it and its place', (code, what) => {
    try {
      auditCode(`const a = 1;\n  ${code}`)
    } catch (error) {
      expect(error).toMatchObject({ code: 'collection.audit', details: { line: 2 } })
      expect((error as { details: { what: string } }).details.what).toContain(what)
      return
    }
    expect.unreachable(`${code} passed`)
  }) // biome-ignore format: one table

  test('lets plain code through', () => {
    const code = `const f = ({ a, b: [c, ...d], ...e }, { g = 1 } = {}) => { try { return a ?? c?.x } catch (h) { throw h } };
      class A { #p = 1; static q = 2; get r() { return this.#p } }
      for (const [k, v] of new Map([[1n, Uint8Array.of(1)]])) f(k, v); const s = /^[A-Z]{1,9}:\\/$/.test('x'); label: for (;;) break label;`
    expect(() => auditCode(code)).not.toThrow()
    expect(() => auditCode('const = 1')).toThrow(expect.objectContaining({ code: 'collection.audit' }))
  })
})

describe('loading [BUNDLE-LOAD-1]', () => {
  const load = (code: string): LoadedBundle => loadBundle(encodeBundle({ ...manifest, code }))

  test('gives the collection that was built', () => {
    expect(loaded.collection.contracts.map(describeContract)).toEqual(mainCollection.contracts.map(describeContract))
  })

  test.each([
    ['ends in time', 'for (;;) {}', 'timed out'],
    ['provides something', 'const a = 1', 'no collection'],
    ['gets no other door', 'require("node:fs")', 'no door'],
    [
      'finds no clock behind computed names',
      'const n = "con" + "structor"; (() => 0)[n]("return Date.now()")()',
      'Code generation',
    ],
    ['cannot change what all share', 'Array["proto" + "type"].map = 1', 'read only'],
  ])('code %s', (_what, code, reason) => {
    expect(() => load(code)).toThrow(reason)
  })

  test('values in the bundle replace those of genesis', () => {
    const { collection } = loadBundle(encodeBundle({ ...loaded.bundle, params: { 'token.feeBase': 5n } }))
    expect(collection.params).toEqual({ 'token.feeBase': 5n })
  })

  test('runs every block as the native code does: receipts, events and roots [BUNDLE-RUN-1]', () => {
    const accounts = Array.from({ length: 6 }, (_, n) => sandboxAccount(n))
    const options = {
      balances: accounts.map((account) => ({ account, amount: 10n ** 13n })),
      members: accounts.slice(0, 2),
      producers: accounts.slice(0, 2).map((address, n) => ({ address, commitment: sandboxCommitment(n) })),
      params: {
        'election.deposit': 10n ** 11n,
        'election.firstN': 1n,
        'collection.window': 4n,
        'collection.lockIn': 3n,
      },
    }
    const simulation = [...tokenSimulation, ...electionSimulation, ...rewardSimulation, ...proposalSimulation]
    const [native, other] = [createSandbox(options), createSandbox({ ...options, code: loaded.collection })]
    const prng = createPrng('native and loaded')
    const made: Record<string, SimulatedThing[]> = { locks: [], positions: [], proposals: [] }
    const outcomes = new Map<string, number>()
    for (let block = 0; block < 120; block++) {
      const calls = Array.from({ length: 1 + prng.int(6) }, () =>
        pickOperation(prng, simulation)?.build(prng, { accounts, made }),
      )
      const days = BigInt(prng.int(20)) * 86_400_000n
      const signal = taggedHash(`aelf/signal/${1 + prng.int(2)}`)
      const producer = prng.pick(accounts.slice(0, 2))
      const [a, b] = [native, other].map((box) => {
        box.advance(days)
        box.produce(producer)
        box.signal(signal)
        return box.block(
          calls.filter((call) => call !== undefined),
          'build',
        )
      }) as [ReturnType<typeof native.block>, ReturnType<typeof native.block>]
      expect(b.receipts.map(encodeReceipt)).toEqual(a.receipts.map(encodeReceipt))
      expect(b.blockEvents).toEqual(a.blockEvents)
      expect(b.costs).toEqual(a.costs)
      expect(b.dropped.map(({ reason, error }) => [reason, error?.name])).toEqual(
        a.dropped.map(({ reason, error }) => [reason, error?.name]),
      )
      expect(other.state().root).toBe(native.state().root)
      a.receipts.forEach(({ status, transactionId: id }, at) => {
        outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
        const { from: owner, contract, method } = a.transactions[at] ?? expect.unreachable()
        const name = native.registry.method(contract, method)?.method.name
        if (status === 'success' && name === 'lock') made['locks']?.push({ id, owner })
        if (status === 'success' && name === 'vote') made['positions']?.push({ id, owner })
        if (status === 'success' && name === 'submit') made['proposals']?.push({ id, owner })
      })
    }
    expect(other.view('collection', 'status')).toEqual(native.view('collection', 'status'))
    expect(outcomes.get('success')).toBeGreaterThan(100)
  }, 180_000)
})
