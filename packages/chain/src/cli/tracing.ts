import type { Command } from 'commander'
import type { TraceOptions } from './commands/trace.ts'
import { add, withConfig, withPassword } from './outline.ts'
import type { Terminal } from './output.ts'
import { ownSession } from './session.ts'

/** Adds the command with which an operator looks at the pipeline of a node. */
export function addTracing(program: Command, terminal: Terminal): void {
  withPassword(
    withConfig(
      add(program, {
        usage: 'trace',
        about:
          'Looks at how blocks go through a running node (verify, execute, root, commit) and writes a trace that browsers draw. For the operator: the delegate, or an account of rpc.operators.',
        examples: ['trace --demo 1', 'trace --for 30s --out sync.json --config net/node1/aelf.yaml'],
      }),
    ),
  )
    .option('--key-file <file>', 'file with the key of the operator')
    .option('--keystore <file>', 'keystore of the operator; that of the configuration when left out')
    .option('--demo <n>', 'a demo account of a development network')
    .option('--for <duration>', 'how long to look, ten minutes at most', '10s')
    .option('--out <file>', 'file to write; never over an existing one', 'aelf-trace.json')
    .action(async (options: TraceOptions, command: Command) => {
      const { trace } = await import('./commands/trace.ts')
      await trace(await ownSession(command, terminal), options)
    })
}
