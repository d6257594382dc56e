import { Command } from 'commander'
import { addCollection } from './collecting.ts'
import { account, block, delegates, round, transaction } from './commands/reading.ts'
import { status } from './commands/status.ts'
import { type CallOptions, fastForward, keysNew, type SendOptions, sendCall, vote } from './commands/writing.ts'
import { addOperating } from './operating.ts'
import { add, addGroup, collect, EXIT_CODES } from './outline.ts'
import type { Terminal } from './output.ts'
import { addProposing } from './proposing.ts'
import { ownSession, type Session, sessionOf } from './session.ts'
import { signing } from './signing.ts'
import { addTracing } from './tracing.ts'

/** Builds the command tree. Nothing runs before it is parsed. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('aelf')
    .description('Runs a node or a development network, and asks and signs from the command line.')
    .option('-V, --version', 'the version of this program')
    .showHelpAfterError('Add --help for usage and examples.')
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text.trimEnd())
      },
      writeErr: (text) => {
        terminal.err(text.trimEnd())
      },
    })
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
  addDevnet(program, terminal)
  addReading(program, terminal)
  addWriting(program, terminal)
  addProposing(program, terminal)
  addKeys(program, terminal)
  addCollection(program, terminal)
  addOperating(program, terminal)
  addTracing(program, terminal)
  return program
}

function addDevnet(program: Command, terminal: Terminal): void {
  add(program, {
    usage: 'devnet',
    about:
      'Starts a whole network in this process: delegates, backups and an RPC server. Stop it with Ctrl-C; it goes on where it ended.',
    examples: ['devnet', 'devnet --slot 1s --data .aelf/chain', 'devnet --port 9000 --fast-forward 7d'],
    local: true,
  })
    .option(
      '--slot <duration>',
      'time of a slot of a new network, 4s being the real one; a bare number is milliseconds',
      '1s',
    )
    .option('--data <folder>', 'where the chain is kept; in memory when left out')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port of the RPC server; 0 takes any free one', '8545')
    .option('--delegates <n>', 'producers', '17')
    .option('--backups <n>', 'backups behind them', '3')
    .option('--fast-forward <duration>', 'jump ahead once started')
    .option('--age <duration>', 'how long ago a new network began; its clock is so far behind, and free to jump')
    .option(
      '--param <contract.param=value>',
      'a parameter of the contracts of a new network; repeat it for more',
      collect,
    )
    .option('--p2p-listen <address>', 'listen for nodes of other processes; repeat it for more', collect)
    .option('--genesis-out <file>', 'write the genesis that such nodes start from; never over an existing file')
    .option('--log <level>', 'debug, info, warn, error or silent', 'warn')
    .action(async (_options, command: Command) => {
      // Loaded on demand: the other commands need no node and start at once.
      const { devnet } = await import('./commands/devnet.ts')
      await devnet(terminal, command.opts())
    })
}

function addReading(program: Command, terminal: Terminal): void {
  const open = (command: Command): Session => sessionOf(command, terminal)
  add(program, {
    usage: 'status',
    about: 'Shows the network and how far it is; of a single node also its role, sync, peers, next slot and warnings.',
    examples: ['status', 'status --config net/node1/aelf.yaml', 'status --json --rpc http://127.0.0.1:9000'],
  })
    .option('--config <file>', 'configuration of the node to ask (aelf.yaml when it is here)')
    .action(async (_options, command: Command) => status(await ownSession(command, terminal)))
  add(program, {
    usage: 'block',
    about: 'Shows a block.',
    examples: ['block latest', 'block 120', 'block finalized --json'],
  })
    .argument('<reference>', 'height, hash, latest, finalized or genesis')
    .action((reference: string, _options, command: Command) => block(open(command), reference))
  add(program, {
    usage: 'tx',
    about: 'Shows a transaction, its receipt and how settled it is.',
    examples: ['tx 0x5f…'],
  })
    .argument('<id>', 'transaction id')
    .action((id: string, _options, command: Command) => transaction(open(command), id))
  add(program, {
    usage: 'account',
    about: 'Shows balance, locks and voting positions of an account.',
    examples: ['account 0x90f8…'],
  })
    .argument('<address>', 'account')
    .action((address: string, _options, command: Command) => account(open(command), address))
  add(program, {
    usage: 'delegates',
    about: 'Lists the delegates by rank.',
    examples: ['delegates', 'delegates --json'],
  }).action((_options, command: Command) => delegates(open(command)))
  add(program, { usage: 'round', about: 'Shows who produces when in a round.', examples: ['round', 'round 12'] })
    .argument('[number]', 'round; the current one when left out')
    .action((number: string | undefined, _options, command: Command) => round(open(command), number))
}

function addWriting(program: Command, terminal: Terminal): void {
  const open = (command: Command): Session => sessionOf(command, terminal)
  signing(
    add(program, {
      usage: 'send',
      about: 'Signs a call on this machine and sends it. Amounts may be written like 1.5elf.',
      examples: [
        'send token.transfer to=0x90f8… symbol=ELF amount=1.5elf --demo 1',
        'send election.withdraw lockId=0x5f… --key-file my.key',
        'send token.newMethod amount=1elf --bundle-file next.bundle --key-file my.key',
      ],
    }),
  )
    .option(
      '--bundle-file <file>',
      'the bundle that the chain runs, when it has replaced the contracts that came with this program',
    )
    .argument('<method>', 'contract.method')
    .argument('[arguments...]', 'name=value, in any order')
    .action((method: string, words: string[], options: CallOptions, command: Command) =>
      sendCall(open(command), method, words, options),
    )
  signing(
    add(program, {
      usage: 'vote',
      about: 'Locks ELF and votes for a delegate; longer locks weigh more.',
      examples: ['vote 0x90f8… 1200 --days 365 --demo 2'],
    }),
  )
    .argument('<delegate>', 'address of the delegate')
    .argument('<amount>', 'ELF to lock')
    .requiredOption('--days <n>', 'days of the lock, 90 to 1080')
    .action((delegate: string, amount: string, options: SendOptions & { days: string }, command: Command) =>
      vote(open(command), delegate, amount, options),
    )
  add(program, {
    usage: 'fast-forward',
    about: 'Moves the clock of a development network ahead.',
    examples: ['fast-forward 7d', 'fast-forward 90d'],
  })
    .argument('<duration>', '10m, 2h, 90d, 1w')
    .action((duration: string, _options, command: Command) => fastForward(open(command), duration))
}

function addKeys(program: Command, terminal: Terminal): void {
  const keys = addGroup(program, 'keys', 'Makes keys.')
  add(keys, {
    usage: 'new',
    about: 'Makes a key and keeps it in a file only its owner can read. The key is shown only with --show.',
    examples: ['keys new --out my.key', 'keys new --show'],
    local: true,
  })
    .option('--out <file>', 'file to write; never over an existing one')
    .option('--show', 'print the private key')
    .action((options: { out?: string; show?: boolean; json?: boolean }) => keysNew(terminal, options))
}
