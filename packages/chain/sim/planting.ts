import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE } from './build.ts'
import type { Mutant } from './planted.ts'

const COMPILED = join(PACKAGE, 'dist')
/** What else is in the folder of compiled code. */
const OWN = ['mutants', 'simdev', 'bench', 'vectors']

/** What of a mistake does not stand exactly once in the compiled code, in words. */
export function staleEdits({ name, edits }: Mutant): string[] {
  return edits.flatMap(({ file, find }) => {
    const times = readFileSync(join(COMPILED, file), 'utf8').split(find).length - 1
    return times === 1 ? [] : [`${name}: "${find}" stands ${times} times in ${file}`]
  })
}

/** A package of its own with compiled code that has the mistake; its imports stay inside. */
export function plant(mutant: Mutant): string {
  const [stale] = staleEdits(mutant)
  if (stale !== undefined) throw new Error(stale)
  const home = join(COMPILED, 'mutants', mutant.name.replaceAll(' ', '-'))
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  for (const part of readdirSync(COMPILED, { withFileTypes: true })) {
    if (!part.isDirectory() || OWN.includes(part.name)) continue
    cpSync(join(COMPILED, part.name), join(home, 'dist', part.name), {
      recursive: true,
      filter: (path) => !/\.(d\.ts|map)$/.test(path),
    })
  }
  cpSync(join(PACKAGE, 'package.json'), join(home, 'package.json'))
  for (const { file, find, put } of mutant.edits) {
    const path = join(home, 'dist', file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text.replace(find, () => put),
    )
  }
  return home
}
