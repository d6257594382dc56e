import { deflateRawSync, gzipSync, crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ARCHIVE_LIMITS, ArchiveError, readArchive } from './index.ts'
import { crc32, inflate } from './inflate.ts'

// ---- archives of any form, also of forms no program makes ----

interface TarEntry {
  name?: string
  kind?: string
  data?: Buffer
  link?: string
  size?: number
  prefix?: string
  magic?: string
}

function tarHeader({ name = 'file.txt', kind = '0', data = Buffer.alloc(0), link = '', ...more }: TarEntry): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000644\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  block.write(`${(more.size ?? data.length).toString(8).padStart(11, '0')}\0`, 124)
  block.write('00000000000\0', 136)
  block.write('        ', 148)
  block.write(kind, 156)
  block.write(link, 157, 100)
  block.write(more.magic ?? 'ustar', 257)
  block.write('00', 263)
  block.write(more.prefix ?? '', 345, 155)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)])
const tarEntry = (entry: TarEntry): Buffer => Buffer.concat([tarHeader(entry), padded(entry.data ?? Buffer.alloc(0))])
const END = Buffer.alloc(1024)
const tar = (...parts: (TarEntry | Buffer)[]): Buffer =>
  Buffer.concat([...parts.map((part) => (Buffer.isBuffer(part) ? part : tarEntry(part))), END])
const tgz = (...parts: (TarEntry | Buffer)[]): Buffer => gzipSync(tar(...parts))
const pax = (records: string, kind = 'x'): TarEntry => ({ name: 'pax', kind, data: Buffer.from(records) })
const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`
  let length = Buffer.byteLength(rest) + 1
  while (String(length).length + Buffer.byteLength(rest) !== length)
    length = String(length).length + Buffer.byteLength(rest)
  return `${length}${rest}`
}

interface ZipEntry {
  name?: string
  data?: Buffer
  stored?: boolean
  flags?: number
  mode?: number
  extra?: Buffer
  localExtra?: Buffer
  /** Changes in the local header, by offset. */
  local?: (header: Buffer) => void
  central?: (header: Buffer) => void
  packed?: Buffer
  descriptor?: boolean
}

function zip(
  entries: readonly ZipEntry[],
  change: { gap?: Buffer; comment?: string; end?: (block: Buffer) => void } = {},
): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { name = 'file.txt', data = Buffer.from('hello'), stored = false, flags = 0x800, mode = 0o100644 } = entry
    const packed = entry.packed ?? (stored ? data : deflateRawSync(data))
    const raw = Buffer.from(name)
    const bits = flags | (entry.descriptor ? 8 : 0)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(bits, 6)
    local.writeUInt16LE(stored ? 0 : 8, 8)
    if (!entry.descriptor) {
      local.writeUInt32LE(zlibCrc32(data), 14)
      local.writeUInt32LE(packed.length, 18)
      local.writeUInt32LE(data.length, 22)
    }
    local.writeUInt16LE(raw.length, 26)
    local.writeUInt16LE(entry.localExtra?.length ?? 0, 28)
    entry.local?.(local)
    const descriptor = Buffer.alloc(entry.descriptor ? 16 : 0)
    if (entry.descriptor) {
      descriptor.writeUInt32LE(0x08074b50, 0)
      descriptor.writeUInt32LE(zlibCrc32(data), 4)
      descriptor.writeUInt32LE(packed.length, 8)
      descriptor.writeUInt32LE(data.length, 12)
    }
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(0x0314, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(bits, 8)
    central.writeUInt16LE(stored ? 0 : 8, 10)
    central.writeUInt32LE(zlibCrc32(data), 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(data.length, 24)
    central.writeUInt16LE(raw.length, 28)
    central.writeUInt16LE(entry.extra?.length ?? 0, 30)
    central.writeUInt32LE((mode << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    entry.central?.(central)
    const whole = Buffer.concat([local, raw, entry.localExtra ?? Buffer.alloc(0), packed, descriptor])
    locals.push(whole)
    centrals.push(Buffer.concat([central, raw, entry.extra ?? Buffer.alloc(0)]))
    offset += whole.length
  }
  const gap = change.gap ?? Buffer.alloc(0)
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset + gap.length, 16)
  end.writeUInt16LE(change.comment?.length ?? 0, 20)
  change.end?.(end)
  return Buffer.concat([...locals, gap, directory, end, Buffer.from(change.comment ?? '')])
}

const codeOf = (bytes: Uint8Array): string => {
  try {
    readArchive(bytes)
    return 'accepted'
  } catch (error) {
    if (error instanceof ArchiveError) return error.code
    throw error
  }
}

// ---- the corpus ----

type Case = readonly [name: string, make: () => Buffer, code: string]

const BAD_PATHS = [
  '/etc/passwd', '//server/share', '../x', 'a/../../x', 'a/..', '..', 'a/./b', 'a//b', '.\\x', 'a\\..\\x', 'C:/x', 'c:x', 'z:\\x',
  'a\u0001b', 'a\nb', 'a\rb', 'a\tb', 'a\u007fb', 'a\u0085b', 'a\u200bb', 'a\u202eb', 'a\u2066b', 'a\ufeffb', 'a\u00adb', 'a\u2028b',
  'e\u0301', '\u212b', 'con', 'CON.txt', 'dir/nul', 'aux.c', 'prn', 'com1', 'lpt9.txt', 'a.', 'a ', 'dir./x', 'dir /x', 'a<b', 'a>b',
  'a:b', 'a"b', 'a|b', 'a?b', 'a*b', '...', '. ', 'x/...', 'a/ ', 'y'.repeat(201), `${'a/'.repeat(16)}b`, `${'é'.repeat(101)}`,
] // biome-ignore format: one table

const content = Buffer.from('hello')
const paths: Case[] = BAD_PATHS.flatMap((path): Case[] => [
  [
    `tar long name ${path}`,
    () => tgz({ kind: 'L', name: 'long', data: Buffer.from(`${path}\0`) }, { data: content }),
    'archive.path',
  ],
  [`tar pax ${path}`, () => tgz(pax(record('path', path)), { data: content }), 'archive.path'],
  [`zip ${path}`, () => zip([{ name: path }]), 'archive.path'],
  [`zip folder ${path}`, () => zip([{ name: `${path}/`, data: Buffer.alloc(0), mode: 0o040755 }, {}]), 'archive.path'],
])

const TAR_KINDS: readonly (readonly [string, string])[] = [
  ['1', 'archive.link'], ['2', 'archive.link'], ['3', 'archive.device'], ['4', 'archive.device'], ['6', 'archive.device'],
  ['7', 'archive.sparse'], ['S', 'archive.sparse'], ['K', 'archive.link'], ['V', 'archive.kind'], ['M', 'archive.kind'], ['D', 'archive.kind'],
  ['A', 'archive.kind'], ['N', 'archive.kind'], ['X', 'archive.kind'],
] // biome-ignore format: one table
const kinds: Case[] = TAR_KINDS.flatMap(([kind, code]): Case[] => [
  [`tar kind ${kind}`, () => tgz({ kind, link: code === 'archive.link' ? '/etc/passwd' : '' }), code],
  [`tar kind ${kind} after a file`, () => tgz({ name: 'a', data: content }, { kind, name: 'b' }), code],
])

const ZIP_MODES: readonly (readonly [number, string])[] = [
  [0o120777, 'archive.link'], [0o020644, 'archive.device'], [0o060644, 'archive.device'], [0o010644, 'archive.device'],
  [0o140644, 'archive.device'], [0o040755, 'archive.device'],
] // biome-ignore format: one table
const modes: Case[] = ZIP_MODES.map(([mode, code]) => [`zip mode ${mode.toString(8)}`, () => zip([{ mode }]), code])

const TWINS: readonly (readonly [string, string])[] = [
  ['a', 'a'], ['a', 'A'], ['Src/x', 'src/X'], ['a', 'a/b'], ['x/y', 'x'], ['é', 'É'], ['ﬁ', 'fi'], ['ß', 'ẞ'], ['dir/a', 'DIR/A'], ['K', 'K'],
] // biome-ignore format: one table
const twins: Case[] = TWINS.flatMap(([one, two]): Case[] => [
  [
    `tar twins ${one} ${two}`,
    () => tgz({ name: one, data: content }, { name: two, data: content }),
    'archive.duplicate',
  ],
  [`zip twins ${one} ${two}`, () => zip([{ name: one }, { name: two }]), 'archive.duplicate'],
])

const NESTED = [
  'a.zip', 'b.tar', 'c.tar.gz', 'd.tgz', 'e.gz', 'f.bz2', 'g.xz', 'h.7z', 'i.rar', 'j.zst', 'k.jar', 'l.war', 'm.whl', 'n.apk', 'o.ISO',
  'p.dmg', 'q.deb', 'r.rpm', 's.cab', 'T.ZIP',
] // biome-ignore format: one table
const HEADS = [
  Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06'), gzipSync('x'), Buffer.from('BZh9'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
  Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), Buffer.from('Rar!'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), tar({ name: 'x' }),
] // biome-ignore format: one table
const nested: Case[] = [
  ...NESTED.flatMap((name): Case[] => [
    [`tar nested ${name}`, () => tgz({ name, data: content }), 'archive.nested'],
    [`zip nested ${name}`, () => zip([{ name }]), 'archive.nested'],
  ]),
  ...HEADS.flatMap((data, index): Case[] => [
    [`tar nested head ${index}`, () => tgz({ data }), 'archive.nested'],
    [`zip nested head ${index}`, () => zip([{ data }]), 'archive.nested'],
  ]),
]

const MIB = 1024 * 1024
const bombs: Case[] = [
  ['gzip of zeros', () => gzipSync(Buffer.alloc(80 * MIB)), 'archive.unpackedSize'],
  ['gzip of one letter', () => gzipSync(Buffer.alloc(70 * MIB, 'a')), 'archive.unpackedSize'],
  ['tar of a large file', () => tgz({ data: Buffer.alloc(2 * MIB + 1, 'a') }), 'archive.fileSize'],
  ['tar that says a huge size', () => tgz(tarHeader({ size: 2 ** 32 })), 'archive.damaged'],
  ['tar ratio', () => tgz({ data: Buffer.alloc(MIB, 'a') }), 'archive.ratio'],
  ['zip of a large file', () => zip([{ data: Buffer.alloc(2 * MIB + 1, 'a') }]), 'archive.fileSize'],
  ['zip ratio', () => zip([{ data: Buffer.alloc(MIB, 'a') }]), 'archive.ratio'],
  ['zip that says less than it is', () => zip([{ central: (header) => header.writeUInt32LE(3, 24), local: (header) => header.writeUInt32LE(3, 22) }]), 'archive.unpackedSize'],
  ['zip that says more than it is', () => zip([{ central: (header) => header.writeUInt32LE(9, 24), local: (header) => header.writeUInt32LE(9, 22) }]), 'archive.damaged'],
  ['tar of many entries', () => tgz(...Array.from({ length: 5001 }, (_, n) => ({ name: `f${n}`, data: content }))), 'archive.entries'],
  ['zip of many entries', () => zip(Array.from({ length: 5001 }, (_, n) => ({ name: `f${n}` }))), 'archive.entries'],
  ['too many packed bytes', () => Buffer.alloc(10 * MIB + 1), 'archive.packedSize'],
] // biome-ignore format: one table

const extra = (id: number): Buffer => Buffer.from([id & 255, id >> 8, 4, 0, 1, 2, 3, 4])
const zips: Case[] = [
  ...[1, 64, 65, 0x2000, 0x10, 0x20, 0x4000].map((flags): Case => [`zip flags ${flags}`, () => zip([{ flags }]), (flags & 65) > 0 ? 'archive.encrypted' : 'archive.kind']),
  ...[1, 6, 9, 12, 14, 93, 95, 98, 99].map((method): Case => [`zip method ${method}`, () => zip([{ central: (header) => header.writeUInt16LE(method, 10), local: (header) => header.writeUInt16LE(method, 8) }]), 'archive.kind']),
  ...[0x0001, 0x0017, 0x7075, 0x6375, 0x9901].flatMap((id): Case[] => [
    [`zip extra ${id}`, () => zip([{ extra: extra(id) }]), 'archive.extra'],
    [`zip local extra ${id}`, () => zip([{ localExtra: extra(id) }]), 'archive.extra'],
  ]),
  ...([[6, 0], [8, 0], [14, 1], [18, 1], [22, 1]] as const).map(([at, by]): Case => [`zip header differs at ${at}`, () => zip([{ local: (header) => header.writeUInt16LE(header.readUInt16LE(at) ^ (by + 4), at) }]), 'archive.mismatch']),
  ['zip name differs', () => { const bytes = zip([{}]); bytes.write('elif', 30); return bytes }, 'archive.mismatch'],
  ['zip crc wrong everywhere', () => zip([{ central: (header) => header.writeUInt32LE(7, 16), local: (header) => header.writeUInt32LE(7, 14) }]), 'archive.damaged'],
  ['zip gap', () => zip([{}], { gap: Buffer.from('hidden') }), 'archive.overlap'],
  ['zip before the first entry', () => { const bytes = zip([{ central: (header) => header.writeUInt32LE(3, 42) }], { gap: Buffer.alloc(3) }); return Buffer.concat([Buffer.from('PKx'), bytes.subarray(0, -22 - 3 - 54), bytes.subarray(-22 - 54)]) }, 'archive.overlap'],
  ['zip two names for one entry', () => zip([{ name: 'a' }, { name: 'b', central: (header) => header.writeUInt32LE(0, 42) }]), 'archive.overlap'],
  ['zip comment', () => zip([{}], { comment: 'hidden' }), 'archive.trailing'],
  ['zip trailing', () => Buffer.concat([zip([{}]), Buffer.from('hidden')]), 'archive.trailing'],
  ['zip trailing zeros', () => Buffer.concat([zip([{}]), Buffer.alloc(100)]), 'archive.trailing'],
  ['zip after a stream', () => zip([{ packed: Buffer.concat([deflateRawSync(Buffer.from('hello')), Buffer.from('hidden')]) }]), 'archive.trailing'],
  ['zip of several disks', () => zip([{}], { end: (end) => end.writeUInt16LE(1, 4) }), 'archive.kind'],
  ['zip count differs', () => zip([{}], { end: (end) => end.writeUInt16LE(2, 8) }), 'archive.kind'],
  ['zip entries missing', () => zip([{}], { end: (end) => { end.writeUInt16LE(2, 8); end.writeUInt16LE(2, 10) } }), 'archive.damaged'],
  ['zip name no text', () => zip([{ flags: 0, name: 'é' }]), 'archive.path'],
  ['zip empty', () => zip([]), 'archive.empty'],
  ['zip only folders', () => zip([{ name: 'd/', data: Buffer.alloc(0), mode: 0o040755 }]), 'archive.empty'],
  ['zip folder with content', () => zip([{ name: 'd/', mode: 0o040755 }, {}]), 'archive.damaged'],
] // biome-ignore format: one table

const badSum = (): Buffer => { const block = tarHeader({}); block.write('0000000\0', 148); return block } // biome-ignore format: short
const tars: Case[] = [
  ['tar checksum', () => tgz(badSum()), 'archive.damaged'],
  ['tar without end', () => gzipSync(tarEntry({ data: content })), 'archive.damaged'],
  ['tar with half an end', () => gzipSync(Buffer.concat([tarEntry({ data: content }), Buffer.alloc(512)])), 'archive.damaged'],
  ['tar trailing', () => gzipSync(Buffer.concat([tar({ data: content }), tarEntry({ name: 'hidden', data: content })])), 'archive.trailing'],
  ['gzip trailing', () => Buffer.concat([tgz({ data: content }), Buffer.from('hidden')]), 'archive.trailing'],
  ['gzip trailing zeros', () => Buffer.concat([tgz({ data: content }), Buffer.alloc(512)]), 'archive.trailing'],
  ['two gzip members', () => Buffer.concat([tgz({ name: 'a', data: content }), tgz({ name: 'b', data: content })]), 'archive.trailing'],
  ['gzip checksum', () => { const bytes = tgz({ data: content }); bytes[bytes.length - 8] = (bytes.at(-8) ?? 0) ^ 1; return bytes }, 'archive.damaged'],
  ['gzip length', () => { const bytes = tgz({ data: content }); bytes[bytes.length - 4] = (bytes.at(-4) ?? 0) ^ 1; return bytes }, 'archive.damaged'],
  ['tar link in a plain file', () => tgz({ link: '/etc/passwd', data: content }), 'archive.link'],
  ['tar file named as a folder', () => tgz({ name: 'd/', data: content }), 'archive.path'],
  ['tar folder with content', () => tgz({ name: 'd/', kind: '5', data: content }), 'archive.damaged'],
  ['tar long name alone', () => tgz({ kind: 'L', data: Buffer.from('x\0') }), 'archive.damaged'],
  ['tar two long names', () => tgz({ kind: 'L', data: Buffer.from('x\0') }, { kind: 'L', data: Buffer.from('y\0') }, { data: content }), 'archive.damaged'],
  ['tar long name too long', () => tgz({ kind: 'L', data: Buffer.alloc(5000, 'a') }, { data: content }), 'archive.damaged'],
  ['tar prefix leads out', () => tgz({ prefix: '../..', data: content }), 'archive.path'],
  ['tar name no text', () => { const block = tarHeader({ data: content }); block[0] = 0xff; const fixed = Buffer.from(block); fixed.write('        ', 148); const sum = fixed.reduce((total, byte) => total + byte, 0); fixed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148); return tgz(Buffer.concat([fixed, padded(content)])) }, 'archive.path'],
  ['tar pax size hides an entry', () => tgz(pax(record('size', '99999999')), { data: content }), 'archive.damaged'],
  ...['linkpath', 'uid', 'gid', 'uname', 'gname', 'hdrcharset', 'GNU.sparse.major', 'GNU.sparse.name', 'SCHILY.xattr.user.x', 'charset', 'security.selinux'].flatMap((key): Case[] => [
    [`tar pax ${key}`, () => tgz(pax(record(key, 'x')), { data: content }), 'archive.pax'],
    [`tar global pax ${key}`, () => tgz(pax(record(key, 'x'), 'g'), { data: content }), 'archive.pax'],
  ]),
  ['tar global pax path', () => tgz(pax(record('path', 'x'), 'g'), { data: content }), 'archive.pax'],
  ['tar pax path twice', () => tgz(pax(record('path', 'a') + record('path', 'b')), { data: content }), 'archive.pax'],
  ...['', 'x', '5 a=b', '99 path=x\n', '9 path=\n\n\n', '-1 a=b\n'].map((text): Case => [`tar pax record ${JSON.stringify(text)}`, () => tgz(pax(text === '' ? ' ' : text), { data: content }), 'archive.damaged']),
  ['plain tar', () => tar({ data: content }), 'archive.format'],
  ['nothing', () => Buffer.alloc(0), 'archive.format'],
  ['text', () => content, 'archive.format'],
  ['gzip of text', () => gzipSync('hello'), 'archive.damaged'],
  ['gzip of nothing', () => gzipSync(''), 'archive.damaged'],
  ['gzip of an unknown kind', () => Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0]), 'archive.damaged'],
  ['tar empty', () => tgz(), 'archive.empty'],
] // biome-ignore format: one table

const corpus: readonly Case[] = [...paths, ...kinds, ...modes, ...twins, ...nested, ...bombs, ...zips, ...tars]

describe('hostile archives', () => {
  test('there are more than 300 of them, each of another kind', () => {
    expect(new Set(corpus.map(([name]) => name)).size).toBe(corpus.length)
    expect(corpus.length).toBeGreaterThan(300)
  })

  test.each(corpus)('error: %s', (_name, make, code) => {
    expect(codeOf(make())).toBe(code)
  })

  test('property: cut anywhere, they are refused; changed anywhere, they are refused or as before', () => {
    const wholes = [
      tgz({ name: 'a', data: Buffer.from('aaa'.repeat(300)) }, { name: 'b/c', data: content }),
      zip([
        { name: 'a', data: Buffer.from('aaa'.repeat(300)) },
        { name: 'b/c', stored: true },
      ]),
    ]
    fc.assert(
      fc.property(fc.constantFrom(...wholes), fc.nat(), fc.integer({ min: 1, max: 255 }), (whole, place, by) => {
        const cut = whole.subarray(0, place % whole.length)
        expect(codeOf(cut)).toMatch(/^archive\./)
        const changed = Buffer.from(whole)
        changed[place % whole.length] = (changed[place % whole.length] ?? 0) ^ by
        if (codeOf(changed) !== 'accepted') return
        const content = (bytes: Buffer): unknown =>
          readArchive(bytes).files.map(({ data }) => Buffer.from(data).toString('hex'))
        expect(content(changed)).toEqual(content(whole))
      }),
      { numRuns: 1500 },
    )
  })

  test('property: any bytes end in a code', () => {
    const head = fc.constantFrom(
      Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
      Buffer.from('PK\x03\x04'),
      Buffer.alloc(0),
    )
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 600 }), (start, rest) => {
        expect(codeOf(Buffer.concat([start, rest]))).toMatch(/^archive\./)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('source archives', () => {
  const files = [
    { name: 'collection.json', data: Buffer.from('{"name":"x"}') },
    { name: 'src/entry.ts', data: Buffer.from('export const a = 1\n') },
    { name: 'src/empty.ts', data: Buffer.alloc(0) },
  ]
  const found = (bytes: Buffer) =>
    readArchive(bytes).files.map(({ path, data }) => [path, Buffer.from(data).toString()])
  const expected = files.map(({ name, data }) => [name, data.toString()]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))

  test('default: a tar.gz and a zip give the same files', () => {
    const folder = { name: 'src/', kind: '5' }
    expect(found(tgz(folder, ...files))).toEqual(expected)
    expect(found(tgz(...files.map((file) => ({ ...file, name: `./${file.name}` }))))).toEqual(expected)
    expect(found(tgz(pax(record('comment', 'abc'), 'g'), pax(record('mtime', '1.5')), ...files))).toEqual(expected)
    expect(found(zip(files))).toEqual(expected)
    expect(found(zip(files.map((file) => ({ ...file, stored: true }))))).toEqual(expected)
    expect(found(zip(files.map((file) => ({ ...file, descriptor: true }))))).toEqual(expected)
    expect(found(zip([{ name: 'src/', data: Buffer.alloc(0), mode: 0o040755 }, ...files]))).toEqual(expected)
    const long = `${'folder/'.repeat(14)}${'n'.repeat(60)}.ts`
    expect(found(tgz({ kind: 'L', data: Buffer.from(`${long}\0`) }, { name: 'short', data: content }))).toEqual([
      [long, 'hello'],
    ])
    expect(found(tgz(pax(record('path', 'ünï/ço.ts')), { data: content }))).toEqual([['ünï/ço.ts', 'hello']])
    expect(readArchive(tgz(...files))).toMatchObject({ format: 'tar.gz', unpackedBytes: 31 })
  })

  test('behavior: limits hold at their edge', () => {
    const limits = { ...ARCHIVE_LIMITS, entries: 3, fileBytes: 19, unpackedBytes: 31 }
    expect(readArchive(tgz(...files), limits).files).toHaveLength(3)
    for (const less of [{ entries: 2 }, { fileBytes: 18 }, { unpackedBytes: 30 }])
      expect(() => readArchive(zip(files), { ...limits, ...less })).toThrow(ArchiveError)
  })

  test('behavior: what a reader should look at is named', () => {
    const secrets = [
      '-----BEGIN EC PRIVATE KEY-----', 'AKIAABCDEFGHIJKLMNOP', `ghp_${'a1'.repeat(18)}`, `npm_${'b2'.repeat(18)}`, 'xoxb-123456789012',
      `privateKey = "0x${'ab'.repeat(32)}"`, `SECRET_KEY: ${'0f'.repeat(32)}`, `seed_phrase="${'abandon '.repeat(11)}about"`,
    ] // biome-ignore format: one table
    const warned = (data: Buffer, name = 'a.ts') => readArchive(zip([{ name, data }])).files[0]?.warnings
    for (const secret of secrets) expect(warned(Buffer.from(`x\n${secret}\n`)), secret).toContain('secret')
    expect(warned(Buffer.from('const hash = "0xabab"\n'))).toEqual([])
    expect(warned(Buffer.from('a\u202eb'))).toEqual(['bidi'])
    expect(warned(Buffer.from([1, 0, 2]))).toEqual(['binary'])
    expect(warned(Buffer.from([0xc3, 0x28]))).toEqual(['binary'])
    expect(warned(Buffer.from('{"scripts":{"postinstall":"x"}}'), 'package.json')).toEqual(['installScript'])
    expect(warned(Buffer.from('x'.repeat(5001)))).toEqual(['longLine'])
  })
})

describe('inflate', () => {
  test('property: unpacks what zlib packs, in every way it packs', () => {
    const lump = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string({ maxLength: 3000 }).map((text) => Buffer.from(text.repeat(5))),
    )
    fc.assert(
      fc.property(lump, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), (data, level, strategy) => {
        const packed = deflateRawSync(data, { level, strategy })
        const { output, end } = inflate(Buffer.concat([packed, Buffer.from('more')]), { start: 0, most: data.length })
        expect(Buffer.from(output).equals(Buffer.from(data))).toBe(true)
        expect(end).toBe(packed.length)
        expect(crc32(data)).toBe(zlibCrc32(data))
        if (data.length > 0) expect(() => inflate(packed, { start: 0, most: data.length - 1 })).toThrow('larger')
      }),
      { numRuns: 300 },
    )
  })
})
