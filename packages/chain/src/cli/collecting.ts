import type { Command } from 'commander'
import type { DryRunCommandOptions } from './commands/dryRun.ts'
import type { ConfigOptions } from './configFile.ts'
import { add, addGroup, withConfig } from './outline.ts'
import type { Terminal } from './output.ts'
import { ownSession } from './session.ts'

interface Json {
  readonly json?: boolean
}

/** Loaded on demand: bundles bring a parser. */
const commands = (): Promise<typeof import('./commands/collection.ts')> => import('./commands/collection.ts')

/** Adds the commands around collections: what the contracts of a chain are replaced by. */
export function addCollection(program: Command, terminal: Terminal): void {
  const group = addGroup(program, 'collection', 'Builds, checks, installs and signals collections of contracts.')
  addBuilding(group, terminal)
  addDryRun(group, terminal)
  withConfig(
    add(group, {
      usage: 'install',
      about: 'Checks a bundle and keeps it in the data folder of the node, which may be running.',
      examples: [
        'collection install next.bundle',
        'collection install next.bundle --config node/aelf.yaml',
        'collection install next.bundle --data .aelf/chain',
      ],
      local: true,
    }),
  )
    .option('--data <folder>', 'data folder of a node or of a development network, instead of a configuration')
    .argument('<bundle>', 'file with the bundle')
    .action(async (file: string, options: Json & ConfigOptions) =>
      (await commands()).collectionInstall(terminal, file, options),
    )
  withConfig(
    add(group, {
      usage: 'signal',
      about: 'Chooses which installed collection the blocks of the node signal, from the next one on.',
      examples: ['collection signal 0x5f…', 'collection signal none --config node/aelf.yaml'],
      local: true,
    }),
  )
    .argument('<collection>', 'hash of an installed collection, or none')
    .action(async (wanted: string, options: Json & ConfigOptions) =>
      (await commands()).collectionSignal(terminal, wanted, options),
    )
  add(group, {
    usage: 'status',
    about: 'Shows the collection in force, a successor that is locked in, and what the recent blocks signal.',
    examples: ['collection status', 'collection status --config node/aelf.yaml --json'],
  })
    .option('--config <file>', 'configuration of the node to ask; shows what is installed there, too')
    .action(async (options: ConfigOptions, command: Command) =>
      (await commands()).collectionStatus(await ownSession(command, terminal), options),
    )
}

function addDryRun(group: Command, terminal: Terminal): void {
  add(group, {
    usage: 'dry-run',
    about:
      'Shows what a successor would do to the chain of a node, without doing it: its state is taken over and its last blocks are run again.',
    examples: [
      'collection dry-run next.bundle',
      'collection dry-run next.bundle --rpc http://127.0.0.1:8545 --blocks 200 --json',
      'collection dry-run 0x5f… --config node/aelf.yaml',
    ],
  })
    .argument('<bundle>', 'file with the bundle, or hash of an installed one')
    .option('--config <file>', 'configuration of the node to ask; its installed bundles are at hand')
    .option('--data <folder>', 'data folder with installed bundles, instead of a configuration')
    .option('--blocks <n>', 'newest blocks to run again, 1 to 1000', '20')
    .option('--running <file>', 'bundle of the collection in force, where it is not the one built in')
    .action(async (bundle: string, options: DryRunCommandOptions, command: Command) =>
      (await import('./commands/dryRun.ts')).collectionDryRun(await ownSession(command, terminal), bundle, options),
    )
}

function addBuilding(group: Command, terminal: Terminal): void {
  add(group, {
    usage: 'source',
    about: 'Writes the source of this program’s own collection, to begin a successor with.',
    examples: ['collection source --out collection.tar'],
    local: true,
  })
    .requiredOption('--out <file>', 'tar archive to write; never over an existing one')
    .action(async (options: Json & { out: string }) => (await commands()).collectionSource(terminal, options))
  add(group, {
    usage: 'build',
    about: 'Builds a bundle from a source; the same source gives the same bundle on every machine.',
    examples: ['collection build collection --out next.bundle', 'collection build archive.tar.gz --out next.bundle'],
    local: true,
  })
    .argument('<source>', 'folder of the source, or its .tar.gz, .zip or .tar')
    .requiredOption('--out <file>', 'bundle to write; never over an existing one')
    .action(async (path: string, options: Json & { out: string }) =>
      (await commands()).collectionBuild(terminal, path, options),
    )
  add(group, {
    usage: 'verify',
    about: 'Checks a bundle as a node does and, with its source, that it was built from that.',
    examples: ['collection verify next.bundle', 'collection verify next.bundle --source collection.tar'],
    local: true,
  })
    .argument('<bundle>', 'file with the bundle')
    .option('--source <path>', 'folder, .tar.gz, .zip or .tar that it should be built from')
    .action(async (file: string, options: Json & { source?: string }) =>
      (await commands()).collectionVerify(terminal, file, options),
    )
}
