import { readFile, stat } from 'node:fs/promises'
import { bytesToHex, sha256, ZERO_HASH } from '#primitives'
import type { Json } from '#rpc/client'
import { CliError } from '../exit.ts'
import { elf, moment, printJson, printPairs, printTable } from '../output.ts'
import { findKey } from '../sending.ts'
import { readHex, readWhole, type Session } from '../session.ts'
import { readLimits, type SendOptions, sendCall, sendWith } from './writing.ts'

const STATUSES = ['', 'open', 'approved', 'rejected', 'withdrawn', 'expired']
const CHOICES = ['–', 'adopt', 'decline']
const VERDICTS = ['', 'sound', 'concerns', 'unsound']
const LISTED = { from: 1, to: 50 }
const QUESTIONS = 8
/** An archive; a text is smaller. */
const FILE_MAX = 10 * 1024 * 1024
const TEXT_MAX = 64 * 1024
const TITLE_MAX = 100

type Row = Readonly<Record<string, Json>>
const rowOf = (value: Json): Row | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined
const rowsOf = (value: Json): readonly Row[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((one): Row[] => {
    const row = rowOf(one)
    return row === undefined ? [] : [row]
  })
const text = (row: Row, name: string): string => String(row[name] ?? '')
const named = (names: readonly string[], number: Json | undefined): string => names[Number(number)] ?? 'unknown'

/** `aelf proposal list` */
export async function proposalList(
  { client, terminal, json }: Session,
  { limit }: { readonly limit: string },
): Promise<void> {
  const asked = { before: 0, limit: readWhole('--limit', limit, LISTED) }
  const list = await client.request('aelf_call', ['proposal', 'proposals', asked])
  if (json) {
    printJson(terminal, list)
    return
  }
  printTable(
    terminal,
    ['no.', 'proposal', 'status', 'adopted', 'declined', 'ends', 'title'],
    rowsOf(list).map((row) => [
      text(row, 'number'),
      text(row, 'proposalId'),
      named(STATUSES, row['status']),
      `${text(row, 'adopted')} of ${text(row, 'quorum')} (${text(row, 'electorate')})`,
      text(row, 'declined'),
      moment(Number(row['endsAt'])),
      text(row, 'title'),
    ]),
  )
}

async function findProposal({ client }: Session, given: string): Promise<Row> {
  const proposalId = readHex(given, 32, 'the id of a proposal')
  const found = rowOf(await client.request('aelf_call', ['proposal', 'proposal', { proposalId }]))
  if (found !== undefined) return found
  throw new CliError('cli.failure', `there is no proposal ${proposalId}`, 'List them with: aelf proposal list')
}

/** `aelf proposal show <id>` */
export async function proposalShow(session: Session, given: string): Promise<void> {
  const { client, terminal, json } = session
  const found = await findProposal(session, given)
  const asked = { proposalId: text(found, 'proposalId') }
  const [electorate, reviews] = await Promise.all([
    client.request('aelf_call', ['proposal', 'electorate', asked]),
    client.request('aelf_call', ['proposal', 'reviews', asked]),
  ])
  if (json) {
    printJson(terminal, { ...found, electorate, reviews })
    return
  }
  const bundle = text(found, 'bundleHash')
  printPairs(terminal, [
    ['proposal', asked.proposalId],
    ['title', text(found, 'title')],
    ['author', text(found, 'author')],
    ['status', named(STATUSES, found['status'])],
    ['text', text(found, 'textHash')],
    ['archive', `${text(found, 'archiveHash')} (${text(found, 'archiveBytes')} bytes)`],
    ['bundle', bundle === ZERO_HASH ? 'none: the collection stays' : bundle],
    ['adopted', `${text(found, 'adopted')}, ${text(found, 'quorum')} of ${text(found, 'electorate')} approve`],
    ['declined', text(found, 'declined')],
    ['submitted', moment(Number(found['submittedAt']))],
    ['ends', moment(Number(found['endsAt']))],
    ['deposit', elf(text(found, 'deposit') || '0')],
  ])
  printTable(
    terminal,
    ['producer', 'choice'],
    rowsOf(electorate).map((row) => [text(row, 'producer'), named(CHOICES, row['choice'])]),
  )
  const rows = rowsOf(reviews)
  if (rows.length === 0) return
  printTable(
    terminal,
    ['reviewer', 'verdict', 'checklist', 'text'],
    rows.map((row) => [
      text(row, 'reviewer'),
      named(VERDICTS, row['verdict']),
      answersOf(Number(row['checklist'])),
      text(row, 'reviewHash') === ZERO_HASH ? '–' : text(row, 'reviewHash'),
    ]),
  )
}

/** Numbers of the questions that were answered with yes. */
function answersOf(bits: number): string {
  const yes = Array.from({ length: QUESTIONS }, (_, index) => index + 1).filter(
    (question) => Math.floor(bits / 2 ** (question - 1)) % 2 === 1,
  )
  return yes.length === 0 ? 'nothing' : yes.join(',')
}

/** SHA-256 of a file, as `sha256sum` shows it. Throws `cli.usage`. */
async function hashFile(path: string, most: number): Promise<{ hash: string; size: number }> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  )
  if (size < 1 || size > most)
    throw new CliError('cli.usage', `${path} is no file of 1 to ${most} bytes`, 'Check the path and the size.')
  const bytes = await readFile(path)
  return { hash: bytesToHex(sha256(bytes)), size: bytes.length }
}

export interface ChoiceOptions extends SendOptions {
  readonly text?: string
  readonly archive?: string
}

/** `aelf proposal adopt|decline <id>`: what is signed names the hashes; files at hand must be the ones. */
export async function proposalChoose(
  session: Session,
  method: 'adopt' | 'decline',
  given: string,
  options: ChoiceOptions,
): Promise<void> {
  readLimits(options)
  const read = await hashGiven(options.text, TEXT_MAX)
  const looked = await hashGiven(options.archive, FILE_MAX)
  const key = await findKey(session, options)
  const found = await findProposal(session, given)
  compare(options.text, read, text(found, 'textHash'))
  compare(options.archive, looked, text(found, 'archiveHash'))
  const words = ['proposalId', 'textHash', 'archiveHash'].map((name) => `${name}=${text(found, name)}`)
  await sendWith(session, async () => key, { name: `proposal.${method}`, words, options })
}

const hashGiven = async (path: string | undefined, most: number): Promise<string | undefined> =>
  path === undefined ? undefined : (await hashFile(path, most)).hash

function compare(path: string | undefined, hash: string | undefined, wanted: string): void {
  if (hash === undefined || hash === wanted) return
  throw new CliError(
    'cli.failure',
    `${path} is not what was proposed: it has the hash ${hash}, the proposal names ${wanted}`,
    'Nothing was signed. Read what was proposed before you choose.',
  )
}

export interface ReviewOptions extends SendOptions {
  readonly verdict: string
  readonly checklist?: string
  readonly text?: string
  readonly archive?: string
}

/** `aelf proposal review <id>` */
export async function proposalReview(session: Session, given: string, options: ReviewOptions): Promise<void> {
  const verdict = VERDICTS.indexOf(options.verdict)
  if (verdict < 1)
    throw new CliError(
      'cli.usage',
      `--verdict: "${options.verdict.slice(0, 40)}" is none`,
      'Write sound, concerns or unsound.',
    )
  readLimits(options)
  const checklist = readChecklist(options.checklist ?? '')
  const reviewHash = (await hashGiven(options.text, TEXT_MAX)) ?? ZERO_HASH
  const looked = await hashGiven(options.archive, FILE_MAX)
  const key = await findKey(session, options)
  const found = await findProposal(session, given)
  compare(options.archive, looked, text(found, 'archiveHash'))
  const words = [
    `proposalId=${text(found, 'proposalId')}`,
    `archiveHash=${text(found, 'archiveHash')}`,
    `verdict=${verdict}`,
    `reviewHash=${reviewHash}`,
    `checklist=${checklist}`,
  ]
  await sendWith(session, async () => key, { name: 'proposal.review', words, options })
}

function readChecklist(list: string): number {
  if (list === '') return 0
  const questions = list.split(',')
  if (new Set(questions).size !== questions.length || !questions.every((one) => /^[1-8]$/.test(one)))
    throw new CliError(
      'cli.usage',
      `--checklist: "${list.slice(0, 40)}" is no list of questions`,
      'Write the numbers answered with yes, such as 1,2,5.',
    )
  return questions.reduce((bits, question) => bits + 2 ** (Number(question) - 1), 0)
}

export interface SubmitOptions extends SendOptions {
  readonly title: string
  readonly text: string
  readonly archive: string
  readonly bundle?: string
}

/** `aelf proposal submit` */
export async function proposalSubmit(session: Session, options: SubmitOptions): Promise<void> {
  readLimits(options)
  if (options.title.trim() === '' || options.title.length > TITLE_MAX)
    throw new CliError('cli.usage', '--title: not 1 to 100 characters', 'Write a short title.')
  const bundle =
    options.bundle === undefined ? ZERO_HASH : readHex(options.bundle, 32, 'the hash of a bundle (--bundle)')
  const proposal = await hashFile(options.text, TEXT_MAX)
  const archive = await hashFile(options.archive, FILE_MAX)
  const words = [
    `title=${options.title}`,
    `textHash=${proposal.hash}`,
    `archiveHash=${archive.hash}`,
    `archiveBytes=${archive.size}`,
    `bundleHash=${bundle}`,
  ]
  await sendCall(session, 'proposal.submit', words, options)
}

/** `aelf proposal withdraw|expire <id>` */
export async function proposalEnd(
  session: Session,
  method: 'withdraw' | 'expire',
  given: string,
  options: SendOptions,
): Promise<void> {
  const words = [`proposalId=${readHex(given, 32, 'the id of a proposal')}`]
  await sendCall(session, `proposal.${method}`, words, options)
}
