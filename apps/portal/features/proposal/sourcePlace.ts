/** A line of a file in the proposed source. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
}

/** The part of an address that opens the source at a line. */
export const sourceHref = ({ file, line }: SourcePlace): string => `#source:${encodeURIComponent(file)}:${line}`

/** Undefined for every other address. */
export function readSourceHref(hash: string): SourcePlace | undefined {
  const [, file, line] = /^#source:([^:]{1,600}):(\d{1,7})$/.exec(hash) ?? []
  if (file === undefined || line === undefined) return undefined
  try {
    return { file: decodeURIComponent(file), line: Number(line) }
  } catch {
    return undefined
  }
}

/** The path in an archive of a file of the source, which may be in one folder around everything. */
export function pathInArchive(paths: readonly string[], file: string): string | undefined {
  if (paths.includes(file)) return file
  return paths.find((path) => path.slice(path.indexOf('/') + 1) === file)
}
