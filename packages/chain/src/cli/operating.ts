import type { Command } from 'commander'
import type { DoctorOptions } from './commands/doctor.ts'
import type { GenesisNewOptions } from './commands/genesis.ts'
import type { InitOptions } from './commands/init.ts'
import type { TestnetOptions } from './commands/testnet.ts'
import type { ConfigOptions } from './configFile.ts'
import { addDelegating } from './delegating.ts'
import { add, addGroup, collect, withConfig, withPassword } from './outline.ts'
import type { Terminal } from './output.ts'

type Json = { readonly json?: boolean }

/** Options that take the place of a setting in the file. */
const withFlags = (command: Command): Command =>
  withPassword(withConfig(command), 'producer.passwordFile: file with the password of the keystore')
    .option('--data <folder>', 'dataDir: folder of the chain')
    .option('--p2p-listen <address>', 'p2p.listen: where other nodes reach this one; may be repeated', collect)
    .option('--peer <address>', 'p2p.peers: one more node to connect to; may be repeated', collect)
    .option('--rpc-host <address>', 'rpc.host: address to answer on')
    .option('--rpc-port <n>', 'rpc.port: port to answer on; 0 takes any free one')
    .option('--metrics-port <n>', 'metrics.port: port of the figures for Prometheus; 0 takes any free one')
    .option('--execution-workers <n>', 'execution.workers: threads that execute parts of large blocks; 0 for none')
    .option('--log <level>', 'log.level: debug, info, warn, error or silent')
    .option('--log-format <format>', 'log.format: json or pretty')
    .option('--observer', 'run without producing, whatever the file says')
    .option('--auto-install <yes|no>', 'take new contracts that the chain has adopted from peers; yes for observers')

/** Adds the commands of somebody who runs a node. Each loads what it needs when it runs: the node is large. */
export function addOperating(program: Command, terminal: Terminal): void {
  addInit(program, terminal)
  addNode(program, terminal)
  addDelegating(program, terminal)
  addGenesis(program, terminal)
}

function addInit(program: Command, terminal: Terminal): void {
  add(program, {
    usage: 'init',
    about:
      'Makes everything a node needs in one folder: configuration, genesis, keystore, identity. Without --genesis it makes a private network of one.',
    examples: [
      'init',
      'init --dir /var/lib/aelf --genesis genesis.json --genesis-hash 0x5f… --peer /dns4/node.example/tcp/6880/p2p/12D3KooW…',
      'init --genesis https://aelf.example/genesis.json --genesis-hash 0x5f… --observer',
    ],
    local: true,
  })
    .option('--dir <folder>', 'where to put it', '.')
    .option('--genesis <source>', 'genesis of the network to join: a file or an https address')
    .option('--genesis-hash <hash>', 'what the genesis has to be; needed when it comes from the web')
    .option('--observer', 'a node that follows the chain and produces nothing')
    .option(
      '--peer <address>',
      'node to connect to, such as /ip4/192.0.2.1/tcp/6880/p2p/12D3KooW…; may be repeated',
      collect,
    )
    .option('--password-file <file>', 'existing file with the password to use; a random one is made when left out')
    .option('--ask-password', 'ask for the password now and at every start; it is kept nowhere')
    .option('--network <name>', 'name of a private network', 'aelf private')
    .option('--slot <duration>', 'time of a slot of a private network', '4s')
    .option('--p2p-port <n>', 'port for other nodes', '6880')
    .option('--rpc-port <n>', 'port for wallets and the portal', '8545')
    .option('--metrics-port <n>', 'port of the figures for Prometheus', '9464')
    .action(async (options: InitOptions) => (await import('./commands/init.ts')).init(terminal, options))
  add(program, {
    usage: 'testnet',
    about:
      'Makes a network on this machine: one folder per node, ready for `aelf node`, and a key with most of the ELF.',
    examples: ['testnet --nodes 7 --out net', 'testnet --nodes 4 --observers 1 --out net --slot 1s --base-port 30000'],
    local: true,
  })
    .requiredOption('--out <folder>', 'where to put the folders; must not exist')
    .option('--nodes <n>', 'producers', '7')
    .option('--observers <n>', 'nodes that produce nothing', '0')
    .option('--slot <duration>', 'time of a slot', '4s')
    .option('--term <duration>', 'time between two elections', '7d')
    .option('--base-port <n>', 'first port; each node takes three in a row: p2p, RPC, metrics', '26600')
    .option('--network <name>', 'name of the network', 'aelf testnet')
    .action(async (options: TestnetOptions) => (await import('./commands/testnet.ts')).testnet(terminal, options))
}

function addNode(program: Command, terminal: Terminal): void {
  withFlags(
    add(program, {
      usage: 'node',
      about: 'Runs a node until it is stopped. What is given here takes the place of the file.',
      examples: ['node', 'node --config net/node1/aelf.yaml', 'node --observer --log debug --log-format pretty'],
      local: true,
    }),
  ).action(async (options: ConfigOptions & Json) => (await import('./commands/node.ts')).node(terminal, options))
  withConfig(
    add(program, {
      usage: 'doctor',
      about:
        'Checks this machine and the configuration, and says what to do: clock, ports, disk, files, genesis, keystore, peers.',
      examples: ['doctor', 'doctor --config /var/lib/aelf/aelf.yaml --time-url https://example.org', 'doctor --json'],
      local: true,
    }),
  )
    .option('--time-url <url>', 'web server to compare the clock with, by the time it answers')
    .action(async (options: DoctorOptions) => (await import('./commands/doctor.ts')).doctor(terminal, options))
  const config = addGroup(program, 'config', 'Checks and shows the configuration of a node.')
  withFlags(
    add(config, {
      usage: 'check',
      about: 'Says whether the configuration is valid, or which setting is not.',
      examples: ['config check', 'config check --config net/node1/aelf.yaml'],
      local: true,
    }),
  ).action(async (options: ConfigOptions & Json) =>
    (await import('./commands/configuration.ts')).configCheck(terminal, options),
  )
  withFlags(
    add(config, {
      usage: 'show',
      about: 'Shows what is in force: the file, the options given here, and defaults for the rest.',
      examples: ['config show', 'config show --json --rpc-port 9000'],
      local: true,
    }),
  ).action(async (options: ConfigOptions & Json) =>
    (await import('./commands/configuration.ts')).configShow(terminal, options),
  )
  add(program, {
    usage: 'completion',
    about: 'Prints what a shell needs to complete commands and options.',
    examples: ['completion bash > /etc/bash_completion.d/aelf', 'completion zsh > ~/.zfunc/_aelf', 'completion fish'],
    local: true,
  })
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => (await import('./commands/completion.ts')).completion(terminal, program, shell))
}

function addGenesis(program: Command, terminal: Terminal): void {
  const genesis = addGroup(program, 'genesis', 'Makes and shows the file a network starts from.')
  const load = () => import('./commands/genesis.ts')
  add(genesis, {
    usage: 'new',
    about: 'Writes the genesis of a new network from its delegates, accounts and parameters.',
    examples: [
      'genesis new --network "my net" --out genesis.json --foundation 0x90f8… --producer 0x90f8…,0x5f…,Ada --start 2027-01-01T12:00:00Z',
    ],
    local: true,
  })
    .requiredOption('--network <name>', 'name of the network')
    .requiredOption('--out <file>', 'file to write; never over an existing one')
    .requiredOption('--producer <delegate>', 'address,commitment,name of a first producer; may be repeated', collect)
    .requiredOption('--foundation <address>', 'account named as the creator of ELF')
    .option(
      '--backup <delegate>',
      'address,commitment,name of a delegate that only stands for election; may be repeated',
      collect,
    )
    .option('--foundation-elf <elf>', 'ELF of the foundation', '700000000')
    .option('--delegate-elf <elf>', 'ELF of every delegate, its deposit of 100,000 included', '200000')
    .option('--balance <account=elf>', 'ELF of another account; may be repeated', collect)
    .option('--param <name=number>', 'parameter that differs, such as election.voteMin=1; may be repeated', collect)
    .option('--chain-id <n>', 'number by which wallets know the network', '6118003')
    .option('--slot <duration>', 'time of a slot', '4s')
    .option('--term <duration>', 'time between two elections', '7d')
    .option('--start <time>', 'time of the first slot in UTC, or now', 'now')
    .action(async (options: GenesisNewOptions) => (await load()).genesisNew(terminal, options))
  add(genesis, {
    usage: 'show',
    about: 'Shows what is in a genesis file and the hash of its network.',
    examples: ['genesis show genesis.json', 'genesis show https://aelf.example/genesis.json --json'],
    local: true,
  })
    .argument('<source>', 'file or https address')
    .action(async (source: string, { json }: Json) => (await load()).genesisShow(terminal, source, json === true))
  add(genesis, {
    usage: 'hash',
    about: 'Prints the hash of the network that a genesis file starts: what others compare.',
    examples: ['genesis hash genesis.json'],
    local: true,
  })
    .argument('<source>', 'file or https address')
    .action(async (source: string, { json }: Json) => (await load()).genesisHash(terminal, source, json === true))
}
