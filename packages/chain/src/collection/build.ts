import type { Plugin } from 'esbuild'
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

/** One script from the files of a source, the same on every machine. Rejects with `collection.build`. */
async function bundleCode(source: Source, entry: string): Promise<string> {
  // Loaded on demand: whoever runs a collection needs no bundler.
  const { build } = await import('esbuild')
  try {
    const { outputFiles } = await build({
      entryPoints: ['main'],
      plugins: [sourceOnly(source, entry)],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      target: 'es2022',
      charset: 'utf8',
      minify: false,
      treeShaking: true,
      legalComments: 'none',
      sourcemap: false,
      tsconfigRaw: '{}',
      logLevel: 'silent',
      absWorkingDir: '/',
    })
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

/** The audit, with the file that the refused line comes from: the bundler names each file before its code. */
function auditBundle(code: string): void {
  try {
    auditCode(code)
  } catch (cause) {
    const line = cause instanceof CollectionError ? cause.details['line'] : undefined
    if (!(cause instanceof CollectionError) || typeof line !== 'number') throw cause
    const before = code.split('\n').slice(0, line)
    const file = before.findLast((one) => one.startsWith('// source:'))?.slice('// source:'.length)
    const text = before.at(-1)?.trim() ?? ''
    throw new CollectionError('collection.audit', file === undefined ? cause.message : `${cause.message}, in ${file}`, {
      cause,
      details: { ...cause.details, text, ...(file === undefined ? {} : { file }) },
    })
  }
}

/** A bundle from its source, audited. Rejects with `collection.source`, `collection.build`, `collection.audit`, `collection.tooLarge`. */
export async function buildBundle(source: Source): Promise<{ readonly bundle: Bundle; readonly bytes: Uint8Array }> {
  checkSource(source)
  const { name, version, entry, params } = readManifest(source)
  const code = await bundleCode(source, entry)
  const bundle = { name, version, params, code }
  const bytes = encodeBundle(bundle)
  auditBundle(code)
  return { bundle, bytes }
}
