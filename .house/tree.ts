import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's top folder. */
export const root: string = dirname(dirname(fileURLToPath(import.meta.url)))

const SKIPPED =
  /\/(node_modules|dist|\.next|\.aelf|\.git|db\/generated|canary|coverage|test-results|playwright-report)\//

/** Every file below a folder of the checkout, as paths from the top; what is built or installed is left out. */
export const filesIn = (folder: string): string[] =>
  readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !SKIPPED.test(path))
    .map((path) => path.slice(root.length + 1))
    .sort()

export const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8')

export const readJson = (path: string): unknown => JSON.parse(read(path))

export const isProof = (path: string): boolean => /\.(test|prop\.test|bench|test-d|spec)\.tsx?$/.test(path)

export const isSource = (path: string): boolean => /\.tsx?$/.test(path) && !isProof(path)
