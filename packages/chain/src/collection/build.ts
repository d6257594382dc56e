import { SourceMap } from 'node:module'
import type { BuildOptions, Plugin } from 'esbuild'
import { auditCode } from './audit.ts'
import { type Bundle, encodeBundle } from './bundle.ts'
import { CollectionError } from './error.ts'
import { checkSource, readManifest, type Source } from './source.ts'

/** Doors of the host that code may import. */
export const HOST_DOORS: readonly string[] = ['#primitives', '#kernel', '#contracts/runtime']
const ENTRY = 'entry'
/** Before the path of a file, where the bundler names it. */
const NAMESPACE = /^source:/

/** What the bundler says of a mistake. */
interface Complaint {
  readonly text: string
  readonly location: { readonly file: string; readonly line: number; readonly lineText: string } | null
}

/** Path of an import inside the source, from the file that has it. */
function resolveInside(importer: string, wanted: string): string {
  const contract = /^#contracts\/([A-Za-z0-9]+)$/.exec(wanted)?.[1]
  if (contract !== undefined) return `contracts/${contract}/index.ts`
  if (!/^\.\.?\//.test(wanted)) return wanted
  const parts = importer.split('/').slice(0, -1)
  for (const part of wanted.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Gives the bundler the files of the source and nothing else of this machine. */
function sourceOnly(source: Source, entry: string): Plugin {
  return {
    name: 'source',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path, namespace: ENTRY }
        if (kind !== 'import-statement') return { errors: [{ text: `${path} is asked for while running` }] }
        if (HOST_DOORS.includes(path)) return { path, external: true }
        const inside = resolveInside(importer, path)
        if (source.has(inside)) return { path: inside, namespace: 'source' }
        return { errors: [{ text: `${path} is neither in the source nor one of ${HOST_DOORS.join(', ')}` }] }
      })
      build.onLoad({ filter: /.*/, namespace: ENTRY }, () => ({
        contents: `import { mainCollection } from './${entry}'\nprovide(mainCollection)\n`,
      }))
      build.onLoad({ filter: /.*/, namespace: 'source' }, ({ path }) => ({
        contents: source.get(path) ?? new Uint8Array(0),
        loader: 'ts',
      }))
    },
  }
}

const OPTIONS = {
  entryPoints: ['main'],
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'neutral',
  target: 'es2022',
  charset: 'utf8',
  minify: false,
  treeShaking: true,
  legalComments: 'none',
  tsconfigRaw: '{}',
  logLevel: 'silent',
  absWorkingDir: '/',
} as const satisfies BuildOptions

/** One script from the files of a source, the same on every machine. Rejects with `collection.build`. */
async function bundleCode(source: Source, entry: string): Promise<string> {
  // Loaded on demand: whoever runs a collection needs no bundler.
  const { build } = await import('esbuild')
  try {
    const { outputFiles } = await build({ ...OPTIONS, plugins: [sourceOnly(source, entry)], sourcemap: false })
    const [file] = outputFiles
    if (file === undefined) throw new CollectionError('collection.build', 'the bundler gave nothing')
    return file.text
  } catch (cause) {
    if (cause instanceof CollectionError) throw cause
    const first = (cause as { errors?: readonly Complaint[] }).errors?.[0]
    if (first?.location == null) throw new CollectionError('collection.build', first?.text ?? String(cause), { cause })
    const { file, line, lineText } = first.location
    const path = file.replace(NAMESPACE, '')
    throw new CollectionError('collection.build', `${first.text} (${path}:${line})`, {
      cause,
      details: { file: path, line, text: lineText.trim() },
    })
  }
}

/** A place in a text; lines and columns begin at 1. */
interface Place {
  readonly line: number
  readonly column: number
}

/** The place in the source that a place of the bundle was made of; undefined when the bundler does not say. */
async function placeInSource(
  { source, entry }: { readonly source: Source; readonly entry: string },
  { line, column }: Place,
): Promise<(Place & { readonly file: string; readonly text: string }) | undefined> {
  const { build } = await import('esbuild')
  // A map needs the name of an output; the code is the same.
  const map = { sourcemap: 'external', outfile: '/bundle.js', sourcesContent: false } as const
  const { outputFiles } = await build({ ...OPTIONS, ...map, plugins: [sourceOnly(source, entry)] })
  const found = outputFiles.find(({ path }) => path.endsWith('.map'))
  if (found === undefined) return undefined
  const place = new SourceMap(JSON.parse(found.text)).findEntry(line - 1, column - 1)
  if (!('originalSource' in place)) return undefined
  const file = place.originalSource.replace(NAMESPACE, '')
  const bytes = source.get(file)
  if (bytes === undefined) return undefined
  const text = new TextDecoder().decode(bytes).split('\n')[place.originalLine]?.trim() ?? ''
  return { file, line: place.originalLine + 1, column: place.originalColumn + 1, text }
}

/** The audit; a refusal names the place in the source. */
async function auditBundle(code: string, from: { readonly source: Source; readonly entry: string }): Promise<void> {
  try {
    auditCode(code)
  } catch (cause) {
    if (!(cause instanceof CollectionError)) throw cause
    const { what, line, column } = cause.details
    if (typeof line !== 'number' || typeof column !== 'number') throw cause
    const place = await placeInSource(from, { line, column })
    if (place === undefined) throw cause
    const message = `${what} is not for a collection (${place.file}:${place.line}:${place.column})`
    throw new CollectionError('collection.audit', message, { cause, details: { what, ...place } })
  }
}

/** A bundle from its source, audited. Rejects with `collection.source`, `collection.build`, `collection.audit`, `collection.tooLarge`. */
export async function buildBundle(source: Source): Promise<{ readonly bundle: Bundle; readonly bytes: Uint8Array }> {
  checkSource(source)
  const { name, version, entry, params } = readManifest(source)
  const code = await bundleCode(source, entry)
  const bundle = { name, version, params, code }
  const bytes = encodeBundle(bundle)
  await auditBundle(code, { source, entry })
  return { bundle, bytes }
}
