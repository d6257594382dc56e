import { AelfError, createPrng, type Prng } from '#primitives'
import type { Damage } from './damage.ts'
import type { Member, Stage } from './member.ts'

const SIGNER_BUCKET = 3
const isCorruption = (error: unknown): boolean => error instanceof AelfError && error.code === 'store.corrupt'

/** How machines go down, what is left of them, and when they may be up again. */
export class Outages {
  private readonly stage: Stage
  private readonly faults: Prng

  constructor(stage: Stage) {
    this.stage = stage
    this.faults = createPrng(`faults ${stage.knobs.seed}`)
  }

  crash(member: Member, slots: number): void {
    const { machine, disk, damage } = member
    const { faults, stage } = this
    if (!machine.up && !machine.isBroken()) return
    if (disk.busy()) stage.probes.hit('restart during a write')
    stage.note(`${machine.name} crashes`)
    machine.crash({
      ...(damage === undefined ? {} : { torn: (operations) => damage.torn(operations) }),
      arrived: (waiting) => faults.int(waiting + 1),
      kept: (unsynced) => {
        const kept = faults.int(unsynced + 1)
        if (kept < unsynced) stage.probes.hit('unsynced batch lost')
        return kept
      },
    })
    if (member.misbehaves === 'amnesia') (member.recordDisk ?? disk).wipe(SIGNER_BUCKET)
    if (damage?.lose(member) === true) this.forgets(member)
    stage.campaign?.crashed(machine.name)
    member.crashes += 1
    member.backAt = stage.slot() + slots
  }

  /** The machine is set up anew with the program it had at first; its chain is kept. */
  revert(member: Member): void {
    if (!member.machine.up || this.stage.calm) return
    this.crash(member, 1)
    this.stage.campaign?.reverted(member.machine.name)
  }

  /** The machine is put back to an old backup, chain and record, in another place. */
  restoreBackup(member: Member): void {
    if (!member.machine.up) return
    this.crash(member, 1)
    member.damage?.restore(member)
    this.forgets(member, true)
    this.stage.note(`${member.machine.name} is put back to an old backup`)
  }

  /** A start that failed because of what the disk holds: its owner removes the chain, and starts it again. */
  refused(member: Member, error: unknown): boolean {
    const { stage } = this
    const { machine, damage } = member
    if (stage.campaign?.refuses(machine.name, error) === true) {
      this.end(member)
      return true
    }
    if (damage === undefined || !(error instanceof AelfError) || error.code !== 'ledger.corrupt') return false
    stage.note(`${machine.name} refuses its store: ${error.message}`)
    stage.probes.hit('damaged store refused')
    this.end(member)
    this.remove(member)
    return true
  }

  /** A node whose disk failed ends; whoever runs it starts it again later. */
  storageFailed(name: string, error: Error): void {
    const { stage, faults } = this
    const member = stage.memberOf(name)
    if (member === undefined) return
    stage.note(`the disk of ${name} failed`)
    if (error instanceof AelfError && error.walk(isCorruption) !== undefined) {
      stage.probes.hit('damage found by a read')
      member.corrupt = true
    }
    const slots = 1 + faults.int(stage.knobs.longestOutage)
    stage.timeline.after(faults.int(stage.knobs.slotMs), () => {
      if (!member.machine.isBroken()) return
      this.crash(member, stage.calm ? 0 : slots)
      if (member.corrupt) this.remove(member)
      stage.probes.hit('machine ended after a disk error')
    })
  }

  /** A node that cannot run the next block has said so, and ends; whoever runs it starts it again later. */
  collectionMissing(name: string, start: number): void {
    const { stage, faults } = this
    const slots = 1 + faults.int(stage.knobs.longestOutage)
    stage.timeline.after(faults.int(stage.knobs.slotMs), () => {
      const member = stage.memberOf(name)
      if (member?.machine.starts === start) this.crash(member, stage.calm ? 0 : slots)
    })
  }

  /** Power may go while a disk is busy: that is what tears a write. */
  writing(name: string, damage: Damage | undefined, ms: number): void {
    const { stage } = this
    const cut = stage.calm ? undefined : damage?.cutsPower(ms)
    if (cut === undefined) return
    stage.timeline.after(cut, () => {
      const member = stage.memberOf(name)
      if (member?.machine.up !== true || stage.calm || !member.disk.busy()) return
      stage.probes.hit('power cut during a write')
      this.crash(member, 1 + stage.misfortunes.int(3))
    })
  }

  /** Power may go just after a machine has promised to keep a transaction. */
  answered(name: string): void {
    const { stage, faults } = this
    if (stage.calm || faults.int(1000) >= stage.knobs.crashAfterAnswer) return
    const member = stage.memberOf(name)
    if (member !== undefined) stage.timeline.after(faults.int(3), () => this.crash(member, 1 + faults.int(2)))
  }

  private end(member: Member): void {
    member.machine.crash({ arrived: () => 0, kept: (unsynced) => unsynced })
    member.backAt = this.stage.slot() + 1
    member.crashes += 1
  }

  private remove(member: Member): void {
    member.corrupt = false
    member.damage?.remove(member)
    this.forgets(member)
  }

  /** What a machine had said and promised binds it no more. */
  private forgets({ machine: { name } }: Member, watched = false): void {
    this.stage.observer.forget(name, { watched })
    this.stage.client.forget(name)
  }
}
