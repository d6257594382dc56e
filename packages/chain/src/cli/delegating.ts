import type { Command } from 'commander'
import type { BackupCreateOptions, RestoreOptions } from './commands/backup.ts'
import type { RegisterOptions } from './commands/delegate.ts'
import type { ImportOptions, NewKeystoreOptions, PasswordOptions, ShowOptions } from './commands/keystore.ts'
import type { SignerOptions } from './commands/signer.ts'
import type { SendOptions } from './commands/writing.ts'
import type { DelegateSource } from './delegateKey.ts'
import type { Key } from './keyFile.ts'
import { add, addGroup, withConfig, withPassword } from './outline.ts'
import type { Terminal } from './output.ts'
import { findKey } from './sending.ts'
import { ownSession } from './session.ts'

type ClaimOptions = SendOptions & DelegateSource & { readonly dryRun?: boolean }

/** Adds the commands around a delegate's key: registering, claiming, keeping and moving it. */
export function addDelegating(program: Command, terminal: Terminal): void {
  addDelegate(program, terminal)
  addClaim(program, terminal)
  addKeystore(program, terminal)
  addBackup(program, terminal)
  addSigner(program, terminal)
}

function addDelegate(program: Command, terminal: Terminal): void {
  withPassword(
    withConfig(
      add(program, {
        usage: 'register',
        about:
          'Makes the account of the keystore a delegate and leaves its deposit of 100,000 ELF. Sends the commitment of the keystore along.',
        examples: [
          'register --name "Ada Nodes" --url https://ada.example --commission 5',
          'register --name Ada --keystore keystore.json',
        ],
      }),
    ),
  )
    .requiredOption('--name <name>', 'name voters see, up to 64 characters')
    .option('--url <url>', 'https address of a page about the delegate', '')
    .option('--commission <percent>', 'share of its voters’ rewards it keeps', '0')
    .option('--keystore <file>', 'keystore of the delegate; that of the configuration when left out')
    .option('--fee-limit <elf>', 'most to pay; twice the estimate when left out')
    .option('--timeout <duration>', 'longest wait for a block', '60s')
    .option('--no-wait', 'do not wait for a block')
    .action(async (options: RegisterOptions, command: Command) => {
      await (await import('./commands/delegate.ts')).register(await ownSession(command, terminal), options)
    })
}

function addClaim(program: Command, terminal: Terminal): void {
  withPassword(
    withConfig(
      add(program, {
        usage: 'claim',
        about: 'Pays an account what its votes have earned and, as a delegate, its commission: one transaction each.',
        examples: ['claim', 'claim --dry-run', 'claim --key-file my.key --rpc http://127.0.0.1:8545'],
      }),
    ),
  )
    .option('--keystore <file>', 'keystore of the account; that of the configuration when left out')
    .option('--key-file <file>', 'file with the key of the account')
    .option('--demo <n>', 'claim for a demo account of a development network')
    .option('--dry-run', 'show what there is to claim and send nothing')
    .option('--fee-limit <elf>', 'most to pay for each; twice the estimate when left out')
    .option('--timeout <duration>', 'longest wait for a block', '60s')
    .option('--no-wait', 'do not wait for blocks')
    .action(async (options: ClaimOptions, command: Command) => {
      const session = await ownSession(command, terminal)
      const isOwn = options.keyFile === undefined && options.demo === undefined
      const key = async (): Promise<Key> => {
        if (!isOwn) return findKey(session, options)
        const { openDelegate } = await import('./delegateKey.ts')
        return (await import('./secrets.ts')).signingKey(await openDelegate(terminal, options))
      }
      await (await import('./commands/claim.ts')).claim(session, key, options)
    })
}

function addKeystore(program: Command, terminal: Terminal): void {
  const keystore = addGroup(program, 'keystore', 'Keeps the secrets of a delegate, encrypted by a password.')
  const load = () => import('./commands/keystore.ts')
  withPassword(
    add(keystore, {
      usage: 'new',
      about: 'Makes a delegate’s key and writes it encrypted. Prints address and commitment.',
      examples: ['keystore new --out keystore.json', 'keystore new --out keystore.json --password-file password'],
      local: true,
    }),
  )
    .requiredOption('--out <file>', 'file to write; never over an existing one')
    .action(async (options: NewKeystoreOptions) => (await load()).keystoreNew(terminal, options))
  withPassword(
    add(keystore, {
      usage: 'import',
      about: 'Encrypts an existing private key into a keystore.',
      examples: ['keystore import --key-file my.key --out keystore.json'],
      local: true,
    }),
  )
    .requiredOption('--key-file <file>', 'file of `aelf keys new`, or with the key in hex')
    .requiredOption('--out <file>', 'file to write; never over an existing one')
    .action(async (options: ImportOptions) => (await load()).keystoreImport(terminal, options))
  withPassword(
    add(keystore, {
      usage: 'address',
      about: 'Prints whose keystore it is. The address needs no password, the commitment does.',
      examples: [
        'keystore address keystore.json',
        'keystore address keystore.json --commitment --password-file password',
      ],
      local: true,
    }),
  )
    .argument('<file>', 'keystore')
    .option('--commitment', 'print the commitment of its in-values too, as `genesis new` wants it')
    .action(async (file: string, options: ShowOptions) => (await load()).keystoreShow(terminal, file, options))
  withPassword(
    add(keystore, {
      usage: 'strip',
      about:
        'Writes a keystore without the private key, for a node whose key is with `aelf signer`. The password stays the same.',
      examples: ['keystore strip keystore.json --out node-keystore.json'],
      local: true,
    }),
  )
    .argument('<file>', 'keystore')
    .requiredOption('--out <file>', 'file to write; never over an existing one')
    .action(async (file: string, options: NewKeystoreOptions) => (await load()).keystoreStrip(terminal, file, options))
  withPassword(
    add(keystore, {
      usage: 'password',
      about: 'Gives a keystore a new password.',
      examples: [
        'keystore password keystore.json',
        'keystore password keystore.json --password-file old --new-password-file new',
      ],
      local: true,
    }),
  )
    .argument('<file>', 'keystore')
    .option('--new-password-file <file>', 'file with the new password; asked for when left out')
    .action(async (file: string, options: PasswordOptions) => (await load()).keystorePassword(terminal, file, options))
}

function addSigner(program: Command, terminal: Terminal): void {
  withPassword(
    add(program, {
      usage: 'signer',
      about:
        'Holds a delegate’s key on a machine of its own and signs for its node, never twice for a slot. Runs until it is stopped.',
      examples: [
        'signer --listen unix:/run/aelf/signer.sock',
        'signer --keystore keystore.json --genesis genesis.json --listen 10.0.0.2:9700 --token-file token',
      ],
      local: true,
    }),
  )
    .option('--keystore <file>', 'keystore with the key', 'keystore.json')
    .option('--genesis <file>', 'genesis of the network it signs for', 'genesis.json')
    .option('--data <folder>', 'where the record of what was signed is kept; for this signer alone', 'signer-data')
    .option(
      '--listen <address>',
      'unix:/path or host:port; across machines only in a private network or behind TLS',
      '127.0.0.1:9700',
    )
    .option('--token-file <file>', 'file with the secret nodes must know; made when it is not there', 'signer-token')
    .option('--log <level>', 'debug, info, warn, error or silent', 'info')
    .action(async (options: SignerOptions) => (await import('./commands/signer.ts')).signer(terminal, options))
}

function addBackup(program: Command, terminal: Terminal): void {
  const backup = addGroup(program, 'backup', 'Moves a delegate to another machine, or keeps it safe.')
  const load = () => import('./commands/backup.ts')
  withConfig(
    add(backup, {
      usage: 'create',
      about: 'Writes keystore (encrypted), record of what was signed last, configuration and genesis into one file.',
      examples: [
        'backup create --out delegate.backup',
        'backup create --config /var/lib/aelf/aelf.yaml --out delegate.backup',
      ],
      local: true,
    }),
  )
    .requiredOption('--out <file>', 'file to write; never over an existing one')
    .action(async (options: BackupCreateOptions) => (await load()).backupCreate(terminal, options))
  withPassword(
    add(backup, {
      usage: 'restore',
      about:
        'Makes a node from a backup in an empty folder. Never while the old node may run: a key that signs twice for one slot loses its stake.',
      examples: ['backup restore delegate.backup --dir node --password-file password --old-node-is-stopped'],
      local: true,
    }),
  )
    .argument('<file>', 'file of `aelf backup create`')
    .option('--dir <folder>', 'where to put it; nothing there is overwritten', '.')
    .option('--old-node-is-stopped', 'say that the node of this backup is stopped and will not start again')
    .action(async (file: string, options: RestoreOptions) => (await load()).backupRestore(terminal, file, options))
}
