import { type Bytes, type Hash, reader, taggedHash, writer } from '#primitives'
import { CollectionError } from './error.ts'
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_PARAMS, MAX_NAME_CHARS } from './limits.ts'

const TAG = 'aelf/bundle/1'
/** What the host offers to the code; a bundle for another one is refused. */
export const RUNTIME_VERSION = 1
const CONSENSUS = 'dpos'
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/
const PARAM = /^[a-z][A-Za-z0-9]{0,31}\.[a-z][A-Za-z0-9]{0,31}$/

/** A collection as one piece: what it is, the values it sets, and its code. */
export interface Bundle {
  readonly name: string
  readonly version: string
  /** By `contract.param`, in the order of their names. */
  readonly params: Readonly<Record<string, bigint>>
  /** JavaScript; see `build`. */
  readonly code: string
}

const byName = ([a]: readonly [string, bigint], [b]: readonly [string, bigint]): number => (a < b ? -1 : a > b ? 1 : 0)

/** Says what is wrong with a name, a version or a value. Throws `collection.format`. */
export function checkManifest({ name, version, params }: Omit<Bundle, 'code'>): void {
  const wrong = (message: string): CollectionError => new CollectionError('collection.format', message)
  if (!NAME.test(name)) throw wrong(`a name has 1 to ${MAX_NAME_CHARS} of a-z, 0-9, dot and dash, unlike ${name}`)
  if (!NAME.test(version))
    throw wrong(`a version has 1 to ${MAX_NAME_CHARS} of a-z, 0-9, dot and dash, unlike ${version}`)
  const names = Object.keys(params)
  if (names.length > MAX_BUNDLE_PARAMS) throw wrong(`at most ${MAX_BUNDLE_PARAMS} parameters`)
  for (const param of names) {
    if (!PARAM.test(param)) throw wrong(`a parameter is named contract.param, unlike ${param}`)
    // The engine takes these from genesis; another value here would be one nobody acts on.
    if (param.startsWith('consensus.')) throw wrong(`${param} is fixed by genesis`)
  }
}

/** The one encoding of a bundle. Throws `collection.format`, `collection.tooLarge`, `codec.*`. */
export function encodeBundle(bundle: Bundle): Bytes {
  checkManifest(bundle)
  const params = Object.entries(bundle.params).sort(byName)
  const out = writer().string(TAG).string(bundle.name).string(bundle.version).u32(RUNTIME_VERSION).string(CONSENSUS)
  out.u32(params.length)
  for (const [name, value] of params) out.string(name).u256(value)
  const bytes = out.string(bundle.code).finish()
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new CollectionError(
      'collection.tooLarge',
      `a bundle has at most ${MAX_BUNDLE_BYTES} bytes, this ${bytes.length}`,
    )
  }
  return bytes
}

/** Inverse of `encodeBundle`. Throws `collection.format`, `collection.tooLarge`. */
export function decodeBundle(bytes: Bytes): Bundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new CollectionError(
      'collection.tooLarge',
      `a bundle has at most ${MAX_BUNDLE_BYTES} bytes, this ${bytes.length}`,
    )
  }
  try {
    return readBundle(bytes)
  } catch (cause) {
    if (cause instanceof CollectionError) throw cause
    throw new CollectionError('collection.format', 'these bytes are no bundle', { cause })
  }
}

function readBundle(bytes: Bytes): Bundle {
  const wrong = (message: string): CollectionError => new CollectionError('collection.format', message)
  const input = reader(bytes)
  if (input.string(TAG.length) !== TAG) throw wrong('these bytes are no bundle')
  const [name, version] = [input.string(MAX_NAME_CHARS), input.string(MAX_NAME_CHARS)]
  const [runtime, consensus] = [input.u32(), input.string(MAX_NAME_CHARS)]
  if (runtime !== RUNTIME_VERSION)
    throw wrong(`the bundle needs runtime ${runtime}, this program has ${RUNTIME_VERSION}`)
  if (consensus !== CONSENSUS) throw wrong(`the bundle needs the consensus ${consensus}, this program has ${CONSENSUS}`)
  const count = input.u32()
  if (count > MAX_BUNDLE_PARAMS) throw wrong(`at most ${MAX_BUNDLE_PARAMS} parameters`)
  const params: [string, bigint][] = []
  for (let index = 0; index < count; index++) params.push([input.string(MAX_NAME_CHARS + 1), input.u256()])
  if (params.some(([param], index) => index > 0 && param <= (params[index - 1]?.[0] ?? ''))) {
    throw wrong('parameters are in the order of their names, each once')
  }
  const code = input.string(MAX_BUNDLE_BYTES)
  input.end()
  const bundle = { name, version, params: Object.fromEntries(params), code }
  checkManifest(bundle)
  return bundle
}

/** The name of a collection for ever: what producers signal, and what states and genesis name. */
export function bundleHash(bytes: Bytes): Hash {
  return taggedHash('aelf/collection/2', bytes)
}
