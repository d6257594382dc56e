import { createRpcClient } from '@aelf/chain/rpc'
import {
  type AelfClient,
  accountToSigner,
  BaseError,
  type Call,
  getBalance,
  type PreparedTransaction,
  prepareTransaction,
  sendCall,
  sendEnvelope,
  type TransactionSigner,
  toBaseError,
  WalletError,
} from '@aelf/governance/actions'
import { connectorSigner } from '@aelf/governance/react'
import { defineChain, getAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { signMessage } from 'viem/actions'
import { createSiweMessage } from 'viem/siwe'
import { type Config, createConfig, createStorage, custom, injected } from 'wagmi'
import {
  connect,
  disconnect,
  getConnection,
  getConnectorClient,
  getConnectors,
  reconnect,
  watchConnection,
} from 'wagmi/actions'
import { nodeUrl } from '#features/network/nodeUrl.ts'
import type { CallRequest, Failure, Prepared, WalletPort } from './port.ts'
import { currentSession, type Session, saveSession } from './session.ts'

const WALLET_ANSWER_MS = 120_000
const LEGACY_WALLET = 'injected'

/** Everything that needs wallet libraries, behind the port. */
export function createWalletPort(): WalletPort {
  const client = createClient()
  let config: Config | undefined
  const wagmi = () => (config ??= createWagmi())
  const signer = (session: Session) =>
    session.kind === 'demo' ? demoSigner(client, session) : walletSigner(wagmi(), session)
  return {
    listWallets: async () =>
      getConnectors(wagmi())
        .filter((connector) => connector.id !== LEGACY_WALLET || hasLegacyWallet())
        .map((connector) => ({
          id: connector.id,
          name: connector.name,
          ...(connector.icon?.startsWith('data:image/') ? { icon: connector.icon.trim() } : {}),
        })),
    listDemoAccounts: () => demoAccounts(client),
    connectWallet: (id) => connectWallet(wagmi(), id),
    connectDemo(account) {
      const session: Session = { address: account.address, label: account.label, kind: 'demo' }
      saveSession(session)
      return session
    },
    async disconnect() {
      saveSession(undefined)
      if (config !== undefined) await disconnect(config).catch(() => undefined)
    },
    balanceOf: (address) => getBalance(client, { address }),
    async prepare(session, call) {
      // The wallet's own network is read again when it signs; here it only completes the preview.
      return describe(
        await prepareTransaction(client, { from: session.address, call: asCall(call), walletChainId: 1n }),
      )
    },
    async send(session, call, reviewed, hooks) {
      const inner = await signer(session)
      let shown: PreparedTransaction | undefined
      const checked: TransactionSigner = {
        ...inner,
        signTypedData: (data) => withDeadline(inner.signTypedData(data)),
      }
      return sendCall(client, {
        signer: checked,
        call: asCall(call),
        feeLimit: reviewed.feeLimit,
        onStage(stage) {
          if (stage.stage === 'prepared') {
            shown = stage.prepared
            if (shown.intent !== reviewed.intent)
              throw new BaseError('The words changed after you reviewed them.', {
                code: 'wallet.intentChanged',
                help: 'Nothing was signed. Review it again.',
              })
            hooks.onSigning(describe(shown))
          }
          if (stage.stage === 'signed') hooks.onSigned(stage.envelope)
        },
      })
    },
    signInText: ({ address }, { issuedAtMs, expiresAtMs, resources, ...challenge }) =>
      createSiweMessage({
        ...challenge,
        ...(resources === undefined ? {} : { resources: [...resources] }),
        address: getAddress(address),
        version: '1',
        issuedAt: new Date(issuedAtMs),
        expirationTime: new Date(expiresAtMs),
      }),
    signText: (session, text) =>
      session.kind === 'demo' ? signDemoText(client, session, text) : signWalletText(wagmi(), session, text),
    resend: (envelope) => sendEnvelope(client, envelope),
    failureOf,
  }
}

function createClient(): AelfClient {
  return createRpcClient({ url: nodeUrl() })
}

function asCall(call: CallRequest): Call {
  return { contract: call.contract, method: call.method, args: call.args as Call['args'] }
}

// ---- wallets ----

/** The wallet may stay on whatever network it is on; this entry only gives the configuration a name for ours. */
function createWagmi(): Config {
  const chain = defineChain({
    id: 6_118_001,
    name: 'aelf',
    nativeCurrency: { name: 'ELF', symbol: 'ELF', decimals: 18 },
    rpcUrls: { default: { http: [`${window.location.origin}/api/rpc`] } },
  })
  const unused = custom({ request: () => Promise.reject(new Error('Reads do not go through the wallet’s network')) })
  const config = createConfig({
    chains: [chain],
    transports: { [chain.id]: unused },
    connectors: [injected()],
    multiInjectedProviderDiscovery: true,
    storage: createStorage({ storage: window.localStorage, key: 'aelf.wagmi' }),
  })
  watchConnection(config, {
    onChange(connection, previous) {
      // A wallet that stays connected in the background does not take over from a demo account.
      if (connection.status !== 'connected' || previous.address === connection.address) return
      if (currentSession()?.kind === 'demo') return
      saveSession({
        address: lower(connection.address),
        label: connection.connector.name,
        kind: 'wallet',
        walletId: connection.connector.id,
      })
    },
  })
  return config
}

function hasLegacyWallet(): boolean {
  return 'ethereum' in window
}

function lower(address: string): `0x${string}` {
  return address.toLowerCase() as `0x${string}`
}

async function connectWallet(config: Config, id: string): Promise<Session> {
  const connector = getConnectors(config).find((candidate) => candidate.id === id)
  if (connector === undefined) throw new WalletError('This wallet is no longer announced by the browser.')
  if (getConnection(config).status === 'connected') await disconnect(config)
  const { accounts } = await connect(config, { connector })
  const session: Session = {
    address: lower(accounts[0]),
    label: connector.name,
    kind: 'wallet',
    walletId: connector.id,
  }
  saveSession(session)
  return session
}

async function walletSigner(config: Config, session: Session): Promise<TransactionSigner> {
  const connector = getConnectors(config).find((candidate) => candidate.id === session.walletId)
  if (connector === undefined) throw new WalletError(`${session.label} is not present in this browser any more.`)
  if (getConnection(config).status !== 'connected') {
    await reconnect(config, { connectors: [connector] })
    if (getConnection(config).status !== 'connected') await connect(config, { connector })
  }
  const signer = connectorSigner(config)
  if (signer.address !== session.address)
    throw new BaseError('The wallet now uses another account.', {
      code: 'wallet.accountChanged',
      help: 'Switch back in the wallet, or connect again with the account you want.',
    })
  return signer
}

async function signWalletText(config: Config, session: Session, text: string): Promise<`0x${string}`> {
  await walletSigner(config, session)
  const client = await getConnectorClient(config, { assertChainId: false })
  return withDeadline(signMessage(client, { account: client.account, message: text }))
}

// Some wallets never answer when their window is lost; the page must not wait forever.
async function withDeadline<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WalletError('It did not answer within two minutes.')), WALLET_ANSWER_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

// ---- demo accounts ----

async function demoAccounts(client: AelfClient) {
  try {
    const accounts = await client.request('aelf_devAccounts')
    return accounts.map((account) => ({ address: lower(account.address), label: account.label }))
  } catch {
    return []
  }
}

async function demoKey(client: AelfClient, session: Session): Promise<`0x${string}`> {
  const accounts = await client.request('aelf_devAccounts')
  const account = accounts.find((candidate) => lower(candidate.address) === session.address)
  if (account === undefined) throw new WalletError('This demo account does not exist on the connected network.')
  return account.privateKey as `0x${string}`
}

const demoSigner = async (client: AelfClient, session: Session): Promise<TransactionSigner> =>
  accountToSigner(privateKeyToAccount(await demoKey(client, session)))

const signDemoText = async (client: AelfClient, session: Session, text: string): Promise<`0x${string}`> =>
  privateKeyToAccount(await demoKey(client, session)).signMessage({ message: text })

// ---- what is shown ----

function describe(prepared: PreparedTransaction): Prepared {
  const { typedData, transaction } = prepared
  const types = typedData.types[typedData.primaryType] ?? []
  const message = typedData.message as Readonly<Record<string, unknown>>
  return {
    from: lower(transaction.from),
    intent: prepared.intent,
    fee: prepared.fee,
    feeLimit: transaction.feeLimit,
    refHeight: transaction.refHeight,
    network: String(message.network ?? ''),
    fields: types.map((field) => ({ name: field.name, type: field.type, value: String(message[field.name] ?? '') })),
    typedDataJson: JSON.stringify(
      typedData,
      (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
      2,
    ),
  }
}

function failureOf(error: unknown): Failure {
  const known = error instanceof BaseError ? error : isRejection(error) ? undefined : toBaseError(error)
  if (known === undefined)
    return {
      title: 'You declined in the wallet.',
      help: 'Nothing was sent. Start again whenever you like.',
      code: 'wallet.rejected',
    }
  const details = known instanceof WalletError && typeof known.details === 'string' ? `${known.details} ` : ''
  return { title: known.shortMessage, help: `${details}${known.help}`, code: known.code }
}

function isRejection(error: unknown): boolean {
  return error instanceof Error && error.name === 'UserRejectedRequestError'
}
