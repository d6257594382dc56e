import { NodeError } from '../errors.ts'

/** Longest text value of a setting. */
const MAX_TEXT = 1024
/** Longest list of a setting. */
const MAX_ITEMS = 256

type Fields = Readonly<Record<string, unknown>>

function wrong(key: string, expected: string): NodeError {
  return new NodeError('node.config', `${key} is ${expected}`, { details: { field: key } })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the settings of one section by name and refuses what nobody asked for. Throws `node.config` naming the key. */
export class ConfigReader {
  private readonly fields: Fields
  private readonly path: string
  private readonly known = new Set<string>()

  constructor(value: unknown, path: string = '') {
    if (value !== undefined && value !== null && !isFields(value)) {
      throw wrong(path === '' ? 'the configuration' : path, 'a list of settings by name')
    }
    this.fields = isFields(value) ? value : {}
    this.path = path
  }

  keyOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }

  has(name: string): boolean {
    return this.take(name) !== undefined
  }

  section(name: string): ConfigReader {
    return new ConfigReader(this.take(name), this.keyOf(name))
  }

  text(name: string, fallback: string): string {
    const value = this.take(name) ?? fallback
    if (typeof value !== 'string' || value.length > MAX_TEXT) {
      throw wrong(this.keyOf(name), `text of at most ${MAX_TEXT} characters`)
    }
    return value
  }

  whole(name: string, range: { readonly from: number; readonly to: number; readonly default: number }): number {
    const value = this.take(name) ?? range.default
    if (typeof value !== 'number' || !Number.isInteger(value) || value < range.from || value > range.to) {
      throw wrong(this.keyOf(name), `a whole number from ${range.from} to ${range.to}`)
    }
    return value
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.take(name) ?? fallback
    if (typeof value !== 'boolean') throw wrong(this.keyOf(name), 'true or false')
    return value
  }

  /** Undefined for the word, and where nothing is said. */
  flagOr(name: string, word: string): boolean | undefined {
    const value = this.take(name)
    if (value === undefined || value === word) return undefined
    if (typeof value !== 'boolean') throw wrong(this.keyOf(name), `true, false or ${word}`)
    return value
  }

  choice<T extends string>(name: string, options: readonly T[], fallback: T): T {
    const value = this.take(name) ?? fallback
    const found = options.find((option) => option === value)
    if (found === undefined) throw wrong(this.keyOf(name), `one of ${options.join(', ')}`)
    return found
  }

  /** `check` says what every item must be, or undefined when it is. */
  list(name: string, fallback: readonly string[], check: (item: string) => string | undefined): readonly string[] {
    const value = this.take(name) ?? fallback
    if (!Array.isArray(value) || value.length > MAX_ITEMS) {
      throw wrong(this.keyOf(name), `a list of at most ${MAX_ITEMS} texts`)
    }
    return value.map((item: unknown, index) => {
      const key = `${this.keyOf(name)}[${index}]`
      if (typeof item !== 'string' || item.length > MAX_TEXT) throw wrong(key, 'text')
      const expected = check(item)
      if (expected !== undefined) throw wrong(key, expected)
      return item
    })
  }

  refuse(name: string, expected: string): never {
    throw wrong(this.keyOf(name), expected)
  }

  /** Refuses settings nobody has read: a misspelt one would otherwise be ignored in silence. */
  end(): void {
    const stranger = Object.keys(this.fields).find((name) => !this.known.has(name))
    if (stranger === undefined) return
    const known = [...this.known].join(', ')
    throw new NodeError('node.config', `${this.keyOf(stranger)} is no setting; there are: ${known}`, {
      details: { field: this.keyOf(stranger) },
    })
  }

  private take(name: string): unknown {
    this.known.add(name)
    const value = Object.hasOwn(this.fields, name) ? this.fields[name] : undefined
    return value === null ? undefined : value
  }
}
