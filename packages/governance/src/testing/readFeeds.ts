/** One VEVENT with its properties as they are meant: unfolded and unescaped. */
export type ReadEvent = Readonly<Record<string, string>>

/** A reader of calendars after RFC 5545 that has nothing of the writer; throws for what the RFC refuses. */
export function readCalendar(text: string): { readonly head: ReadEvent; readonly events: readonly ReadEvent[] } {
  const lines = text.split('\r\n')
  if (lines.pop() !== '') throw new Error('the last line does not end')
  for (const line of lines) {
    if (/[\r\n]/.test(line)) throw new Error(`a bare line end in ${line}`)
    if (new TextEncoder().encode(line).length > 75) throw new Error(`a line of more than 75 octets: ${line}`)
  }
  const whole: string[] = []
  for (const line of lines) {
    if (!line.startsWith(' ')) whole.push(line)
    else whole.push(`${whole.pop() ?? ''}${line.slice(1)}`)
  }
  const stack: string[] = []
  const head: Record<string, string> = {}
  const events: Record<string, string>[] = []
  for (const line of whole) {
    const [, name = '', value = ''] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/s.exec(line) ?? []
    if (name === '') throw new Error(`no content line: ${line}`)
    if (name === 'BEGIN') {
      stack.push(value)
      if (value === 'VEVENT') events.push({})
    } else if (name === 'END') {
      if (stack.pop() !== value) throw new Error(`${value} ends where it has not begun`)
    } else {
      const into = stack.at(-1) === 'VEVENT' ? (events.at(-1) ?? {}) : head
      if (name in into) throw new Error(`${name} stands twice`)
      into[name] = readText(value)
    }
  }
  if (stack.length > 0) throw new Error(`${stack.join()} does not end`)
  return { head, events }
}

function readText(value: string): string {
  if (/(?<!\\)(?:\\\\)*[;,]/.test(value)) throw new Error(`a bare separator in ${value}`)
  return value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))
}

export interface ReadElement {
  readonly name: string
  readonly children: readonly ReadElement[]
  readonly text: string
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Only what the five entities of XML need; anything else is no XML. */
function readEntities(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: characters that XML 1.0 refuses
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new Error('a character that XML refuses')
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const found = whole.endsWith(';') ? NAMED[name] : undefined
    if (found === undefined) throw new Error(`an unknown entity: ${whole}`)
    return found
  })
}

/** A reader of XML without doctype, comments and CDATA; throws where tags do not fit. */
export function readXml(text: string): ReadElement {
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  if (body === text) throw new Error('no declaration')
  const root = { name: '', children: [] as ReadElement[], text: '' }
  const open: { name: string; children: ReadElement[]; text: string }[] = [root]
  for (const [, tag, words] of body.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const parent = open.at(-1) ?? root
    if (tag === undefined) parent.text += readEntities(words ?? '')
    else if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1)) throw new Error(`</${tag.slice(1)}> closes nothing`)
    } else {
      const [, name = '', attributes = ''] = /^([a-zA-Z:]+)((?:\s+[a-zA-Z:]+="[^"<]*")*)\s*\/?$/.exec(tag) ?? []
      if (name === '') throw new Error(`no tag: <${tag}>`)
      readEntities(attributes)
      const element = { name, children: [], text: '' }
      parent.children.push(element)
      if (!tag.endsWith('/')) open.push(element)
    }
  }
  const [only] = root.children
  if (open.length !== 1 || root.children.length !== 1 || only === undefined) throw new Error('not one whole element')
  return only
}

export const childText = (element: ReadElement, name: string): string =>
  element.children.find((child) => child.name === name)?.text ?? ''
