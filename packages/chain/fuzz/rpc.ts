import { descriptors } from '#contracts/metadata'
import { encodeTransaction } from '#kernel'
import { type Bytes, bytesToHex, createPrng, type Logger, type Prng } from '#primitives'
import { defaultRpcLimits, isRouteName, isRpcErrorCode, routeNames, routes } from '#rpc/routes'
import { createRpcServer, type RpcServer } from '#rpc/server'
import { hostileValues, nested, scratched } from './json.ts'
import { plantBug } from './plants.ts'
import { type Complaint, type Episode, type Plant, type Shot, sayError, type Target } from './target.ts'
import { type HonestChain, honestChain, KNOWN_HEIGHT, openVictim, receiver, type Victim } from './world.ts'

const WALLET_METHODS: readonly string[] = [
  'eth_chainId', 'net_version', 'web3_clientVersion', 'eth_blockNumber', 'eth_getBalance', 'eth_getBlockByNumber', 'eth_getBlockByHash',
  'eth_call', 'eth_getLogs', 'eth_sendRawTransaction', 'eth_getTransactionReceipt', 'eth_estimateGas',
] // biome-ignore format: a table
const STRANGE_METHODS: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'aelf_',
  'AELF_CHAININFO',
  'rpc.internal',
  'x'.repeat(65),
]
/** Every method there is, by name. */
export const methodNames: readonly string[] = [...routeNames, ...WALLET_METHODS]
/** Words for contracts, views, methods and items, true ones and others. */
const WORDS: readonly string[] = [
  ...descriptors.flatMap(({ name, methods, views, items }) => [
    name,
    ...methods.map((method) => method.name),
    ...views.map((view) => view.name),
    ...items.map((item) => item.name),
  ]),
  'nobody',
].map((word) => JSON.stringify(word))

/** Values that fit somewhere. */
function trueValues(chain: HonestChain): string[] {
  const { blocks, transfers, world } = chain
  const header = blocks[3]?.header
  return [
    `"${header?.hash}"`, `"${header?.producer}"`, `"${world.accounts[0]?.address}"`, `"${receiver}"`, '"1"', '3', `${KNOWN_HEIGHT}`,
    `"${KNOWN_HEIGHT - 1}"`, '"ELF"', ...transfers.slice(0, 8).map((transfer) => `"${bytesToHex(encodeTransaction(transfer))}"`),
    `{"from":"${receiver}","contract":"token","method":"transfer","args":{"to":"${receiver}","symbol":"ELF","amount":"1"}}`,
    `{"account":"${world.accounts[0]?.address}","symbol":"ELF"}`, '{"symbol":"ELF"}', `["${receiver}","ELF"]`, '["ELF"]', '"heads"',
  ] // biome-ignore format: a table
}

const namesOf = (method: string): readonly string[] | undefined =>
  isRouteName(method) ? routes[method].names : undefined

/** How many parameters a method has names for; others get up to three. */
const arity = (prng: Prng, method: string): number => namesOf(method)?.length ?? prng.int(4)

function valueFor(prng: Prng, values: readonly string[]): string {
  switch (prng.int(4)) {
    case 0:
      return prng.pick(hostileValues)
    case 1:
      return prng.pick(WORDS)
    case 2:
      return prng.bool([1, 64]) ? nested(prng) : prng.pick(hostileValues)
    default:
      return prng.pick(values)
  }
}

function argsOf(prng: Prng, values: readonly string[]): string {
  const method = prng.pick(
    descriptors.flatMap((contract) => [...contract.methods.map(({ abi }) => abi), ...contract.views]),
  )
  const given = method.args.map(({ name }) => `"${name}":${valueFor(prng, values)}`)
  return `{${given.join(',')}}`
}

function paramsText(prng: Prng, method: string, values: readonly string[]): string {
  const count = arity(prng, method) + prng.pick([0, 0, 0, 0, 1, -1])
  const list = Array.from({ length: Math.max(count, 0) }, () =>
    prng.bool([1, 8]) ? argsOf(prng, values) : valueFor(prng, values),
  )
  const names = namesOf(method) ?? []
  if (prng.bool([1, 6]))
    return `{${list.map((value, index) => `"${names[index] ?? prng.pick(['__proto__', 'x', ''])}":${value}`).join(',')}}`
  return prng.bool([1, 16]) ? prng.pick(hostileValues) : `[${list.join(',')}]`
}

const IDS: readonly string[] = ['1', '0', '-1', '1.5', '"a"', 'null', '""', '9007199254740993']
const BAD_IDS: readonly string[] = ['{}', '[]', 'true', `"${'i'.repeat(129)}"`, '1e400']

/** One call as text. */
export function callText(prng: Prng, values: readonly string[]): string {
  const method = prng.bool([1, 24]) ? prng.pick(STRANGE_METHODS) : prng.pick(methodNames)
  const id = prng.bool([1, 16]) ? prng.pick(BAD_IDS) : prng.pick(IDS)
  const parts = [
    prng.bool([1, 24]) ? `"jsonrpc":${prng.pick(['"1.0"', '2', 'null', '"2.0 "'])}` : '"jsonrpc":"2.0"',
    ...(prng.bool([1, 24]) ? [] : [`"id":${id}`]),
    `"method":${prng.bool([1, 24]) ? prng.pick(hostileValues) : JSON.stringify(method)}`,
    ...(prng.bool([1, 12]) ? [] : [`"params":${paramsText(prng, method, values)}`]),
    ...(prng.bool([1, 24])
      ? [`"${prng.pick(['__proto__', 'method', 'id', 'constructor', 'toJSON'])}":${prng.pick(hostileValues)}`]
      : []),
  ]
  return `{${prng.bool([1, 8]) ? prng.shuffle(parts).join(',') : parts.join(',')}}`
}

/** One message as text: a call, a batch, something nested, or one of them damaged. */
export function messageText(prng: Prng, values: readonly string[]): string {
  const kind = prng.int(32)
  if (kind === 0) return prng.pick(hostileValues)
  if (kind === 1) return nested(prng)
  if (kind <= 3) {
    const count = prng.pick([0, 1, 2, 3, 8, 99, 100, 101])
    const calls =
      count > 8
        ? new Array<string>(count).fill(callText(prng, values))
        : Array.from({ length: count }, () => callText(prng, values))
    return `[${calls.join(',')}]`
  }
  const text = callText(prng, values)
  return kind <= 8 ? scratched(prng, text) : text
}

/** Nothing of the machine may be told to strangers. */
const SECRETS = /\bat [\w.<>]+ \(|\.[cm]?[jt]s:\d+|node_modules|\/home\/|\/tmp\/|\/root\//

interface Answer {
  readonly jsonrpc?: unknown
  readonly error?: { readonly code?: unknown; readonly data?: { readonly code?: unknown; readonly help?: unknown } }
  readonly result?: unknown
}

function checkOne(answer: Answer): Complaint {
  if (answer?.jsonrpc !== '2.0') return 'an answer without "jsonrpc":"2.0"'
  const { error } = answer
  if (error === undefined) return 'result' in answer ? undefined : 'an answer without result and error'
  const code = error.data?.code
  if (typeof code !== 'string' || !isRpcErrorCode(code)) return `an error that is not listed: ${String(code)}`
  if (code === 'rpc.internal') return 'rpc.internal'
  if (code === 'rpc.timeout') return 'rpc.timeout'
  if (typeof error.code !== 'number' || typeof error.data?.help !== 'string') return `an incomplete error ${code}`
  return undefined
}

export function tellsOfMachine(text: string): Complaint {
  const found = SECRETS.exec(text)?.[0]
  return found === undefined ? undefined : `an answer tells about the machine: ${found}`
}

/** What an answer says against the server. */
export function checkAnswer(text: string): Complaint {
  if (text === '') return undefined
  const secret = tellsOfMachine(text)
  if (secret !== undefined) return secret
  let answer: Answer | Answer[]
  try {
    answer = JSON.parse(text) as Answer | Answer[]
  } catch {
    return 'an answer that is not JSON'
  }
  for (const one of Array.isArray(answer) ? answer : [answer]) {
    const complaint = checkOne(one)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

/** A server over a victim; what its log calls an error ends up with the victim's. */
export function serverOf(victim: Victim): RpcServer {
  const logger: Logger = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message, fields) => (victim.errors as string[]).push(`${message} ${JSON.stringify(fields)}`),
  }
  return createRpcServer({ node: victim.node.api, contracts: victim.node.contracts, logger, port: 0 })
}

export const valuesFor: (chain: HonestChain) => readonly string[] = trueValues

/** The head must stand still: nobody produces, and nobody may move it by asking. */
export function checkStill(victim: Victim, before: string): Complaint {
  const now = victim.node.ledger.head().header.hash
  return now === before ? undefined : `the head moved from ${before} to ${now}`
}

const utf8 = new TextEncoder()

/** Bytes of a message, never more than the transport lets through; sometimes not even UTF-8. */
function bytesOf(prng: Prng, text: string): Bytes {
  const bytes = utf8.encode(text).slice(0, defaultRpcLimits.bodyBytes)
  if (prng.bool([31, 32]) || bytes.length === 0) return bytes
  bytes[prng.int(bytes.length)] = prng.pick([0x00, 0x80, 0xc0, 0xff, 0xed])
  return bytes
}

const PLANTED_ANSWER = '{"jsonrpc":"2.0","id":1.5,"error":{"code":-1,"data":{"code":"oops"}}}'

/** The dispatcher in process: every method with every kind of parameter, and envelopes of all kinds. */
export const rpcTarget: Target = {
  name: 'rpc',
  episode: 20_000,
  async open(seed, plant: Plant | undefined): Promise<Episode> {
    const chain = await honestChain()
    const victim = await openVictim(chain)
    const server = serverOf(victim)
    const values = trueValues(chain)
    const prng = createPrng(`rpc/${seed}`)
    const before = victim.node.ledger.head().header.hash
    plantBug(victim, chain, plant)
    return {
      next(): Shot {
        const bytes = bytesOf(prng, messageText(prng, values))
        let text = ''
        return {
          bytes,
          async deliver(): Promise<Complaint> {
            try {
              text = (await server.answer(bytes)).text
              return undefined
            } catch (error) {
              return `the dispatcher threw ${sayError(error)}`
            }
          },
          judge(): Complaint {
            const seen = plant === 'rpc' && text.includes('"id":1.5') ? PLANTED_ANSWER : text
            if (victim.errors.length > 0) return `the node logs an error: ${victim.errors[0]}`
            return checkAnswer(seen) ?? checkStill(victim, before)
          },
        }
      },
      async close() {
        await server.close()
        await victim.node.stop()
        return checkStill(victim, before)
      },
    }
  },
}
