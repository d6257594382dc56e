import type { Command } from 'commander'
import type { ChoiceOptions, ReviewOptions, SubmitOptions } from './commands/proposal.ts'
import type { SendOptions } from './commands/writing.ts'
import { add, addGroup } from './outline.ts'
import type { Terminal } from './output.ts'
import { type Session, sessionOf } from './session.ts'
import { signing } from './signing.ts'

const load = () => import('./commands/proposal.ts')
const ID = 'id of the proposal'

/** Adds what members of the foundation, delegates and producers do with feature proposals. */
export function addProposing(program: Command, terminal: Terminal): void {
  const open = (command: Command): Session => sessionOf(command, terminal)
  const proposal = addGroup(program, 'proposal', 'Shows feature proposals, submits, reviews and chooses.')
  add(proposal, {
    usage: 'list',
    about: 'Lists proposals, newest first.',
    examples: ['proposal list', 'proposal list --limit 50 --json'],
  })
    .option('--limit <n>', 'how many', '20')
    .action(async (options: { limit: string }, command: Command) => (await load()).proposalList(open(command), options))
  add(proposal, {
    usage: 'show',
    about: 'Shows a proposal, what each producer chose, and the reviews.',
    examples: ['proposal show 0x5f…', 'proposal show 0x5f… --json'],
  })
    .argument('<id>', ID)
    .action(async (id: string, _options, command: Command) => (await load()).proposalShow(open(command), id))
  for (const method of ['adopt', 'decline'] as const) addChoice(proposal, method, open)
  addReview(proposal, open)
  addSubmit(proposal, open)
  addEnds(proposal, open)
}

function addChoice(proposal: Command, method: 'adopt' | 'decline', open: (command: Command) => Session): void {
  const about = {
    adopt:
      'Chooses for a proposal; for who produced when it was submitted. Files at hand are compared before anything is signed.',
    decline:
      'Chooses against a proposal; for who produced when it was submitted. Files at hand are compared before anything is signed.',
  }
  signing(
    add(proposal, {
      usage: method,
      about: about[method],
      examples: [
        `proposal ${method} 0x5f… --keystore net/node1/keystore.json`,
        `proposal ${method} 0x5f… --archive source.tar.gz`,
      ],
    }),
  )
    .argument('<id>', ID)
    .option('--text <file>', 'the text that was read: its hash must be the proposed one')
    .option('--archive <file>', 'the archive that was looked at: its hash must be the proposed one')
    .action(async (id: string, options: ChoiceOptions, command: Command) =>
      (await load()).proposalChoose(open(command), method, id, options),
    )
}

function addReview(proposal: Command, open: (command: Command) => Session): void {
  signing(
    add(proposal, {
      usage: 'review',
      about:
        'Reviews the archive of a proposal; for registered delegates. Questions: 1 text true, 2 bundle rebuilt, 3 every file read, 4 tests ran, 5 no secrets or binaries, 6 dry run, 7 parameters, 8 old state valid.',
      examples: ['proposal review 0x5f… --verdict sound --checklist 1,2,3,4 --keystore net/node1/keystore.json'],
    }),
  )
    .argument('<id>', ID)
    .requiredOption('--verdict <word>', 'sound, concerns or unsound')
    .option('--checklist <numbers>', 'questions answered with yes, such as 1,2,5')
    .option('--text <file>', 'text of the review; its hash is signed')
    .option('--archive <file>', 'the archive that was reviewed: its hash must be the proposed one')
    .action(async (id: string, options: ReviewOptions, command: Command) =>
      (await load()).proposalReview(open(command), id, options),
    )
}

function addSubmit(proposal: Command, open: (command: Command) => Session): void {
  signing(
    add(proposal, {
      usage: 'submit',
      about: 'Proposes a feature; for members of the foundation. Takes a deposit until the proposal is closed.',
      examples: ['proposal submit --title "Faster rounds" --text proposal.md --archive source.tar.gz --demo 10'],
    }),
  )
    .requiredOption('--title <words>', 'title, 1 to 100 characters')
    .requiredOption('--text <file>', 'text of the proposal, at most 64 KiB')
    .requiredOption('--archive <file>', 'source archive, at most 10 MiB')
    .option('--bundle <hash>', 'hash of the bundle built from the archive; left out, the collection stays as it is')
    .action(async (options: SubmitOptions, command: Command) => (await load()).proposalSubmit(open(command), options))
}

function addEnds(proposal: Command, open: (command: Command) => Session): void {
  const about = {
    withdraw: 'Takes an own open proposal back; the deposit returns.',
    expire: 'Closes a proposal whose time is over; the deposit returns to its author.',
  }
  for (const method of ['withdraw', 'expire'] as const) {
    signing(add(proposal, { usage: method, about: about[method], examples: [`proposal ${method} 0x5f… --demo 10`] }))
      .argument('<id>', ID)
      .action(async (id: string, options: SendOptions, command: Command) =>
        (await load()).proposalEnd(open(command), method, id, options),
      )
  }
}
