import type { RegisteredMethod } from '#contracts/runtime'

/** What a method's calls are expected to take, and what they took so far. Times are microseconds of this machine. */
export interface MethodCost {
  readonly contract: string
  readonly method: string
  readonly calls: number
  /** Counted units of a call, smoothed. */
  readonly units: number
  /** What the next call is expected to take. */
  readonly expectedUs: number
  /** All calls together: as they were expected just before, and as measured. */
  readonly totalExpectedUs: number
  readonly totalMeasuredUs: number
}

/** Some calls of one method. */
export interface MeasuredCalls {
  readonly calls: number
  readonly us: number
  /** The same without what a machine that does other things took; `us` when left out. */
  readonly steadyUs?: number
  readonly units: number
}

/** Expected and measured work by method. It decides what runs where, never what comes out. */
export interface CostBook {
  /** Microseconds that a call of a method is expected to take. */
  expect(method: RegisteredMethod): number
  /** Notes some calls of one method in one block. */
  note(method: RegisteredMethod, measured: MeasuredCalls): void
  list(): readonly MethodCost[]
}

interface Entry {
  calls: number
  units: number
  expectedUs: number
  totalExpectedUs: number
  totalMeasuredUs: number
}

/** Until a method has run: a transfer's units, at what a unit takes on a usual core. */
const FIRST_UNITS = 23
const FIRST_US_PER_UNIT = 0.6
/** Weight of the newest block in what is expected next. */
const SMOOTHING = 0.2
/** One block that was interrupted says little: it counts as at most so many times what was expected. */
const MOST_TIMES = 4
/** One call that was interrupted says nothing: it counts as at most so many times what was expected. */
const MOST_TIMES_A_CALL = 16

class Costs implements CostBook {
  /** As many as the collections of a chain have methods. */
  private readonly entries = new Map<
    string,
    { readonly contract: string; readonly method: string; readonly at: Entry }
  >()
  /** The same by method: collections that follow each other share what their methods of one name took. */
  private readonly known = new WeakMap<RegisteredMethod, Entry>()

  expect(registered: RegisteredMethod): number {
    const known = this.known.get(registered)
    if (known !== undefined) return known.expectedUs
    const { contract, method } = registered
    const found = this.entries.get(`${contract.identity.name}.${method.name}`)
    if (found === undefined) return FIRST_UNITS * this.usPerUnit()
    this.known.set(registered, found.at)
    return found.at.expectedUs
  }

  note(registered: RegisteredMethod, { calls, us, steadyUs = us, units }: MeasuredCalls): void {
    if (calls === 0) return
    const { at, isNew } = this.entryOf(registered)
    const each = units / calls
    // A method's first block sets its units; its time begins as other methods' time for so many units.
    if (isNew) {
      at.units = each
      at.expectedUs = each * this.usPerUnit()
    }
    at.totalExpectedUs += at.expectedUs * calls
    at.totalMeasuredUs += us
    at.calls += calls
    at.units += SMOOTHING * (each - at.units)
    const most = MOST_TIMES * at.expectedUs
    const took = steadyUs / calls
    at.expectedUs += SMOOTHING * ((took < most ? took : most) - at.expectedUs)
  }

  list(): readonly MethodCost[] {
    return [...this.entries.values()].map(({ contract, method, at }) => ({ contract, method, ...at }))
  }

  private entryOf({ contract, method }: RegisteredMethod): { at: Entry; isNew: boolean } {
    const key = `${contract.identity.name}.${method.name}`
    const known = this.entries.get(key)
    if (known !== undefined) return { at: known.at, isNew: false }
    const at = { calls: 0, units: 0, expectedUs: 0, totalExpectedUs: 0, totalMeasuredUs: 0 }
    this.entries.set(key, { contract: contract.identity.name, method: method.name, at })
    return { at, isNew: true }
  }

  private usPerUnit(): number {
    let us = 0
    let units = 0
    for (const { at } of this.entries.values()) {
      us += at.totalMeasuredUs
      units += at.units * at.calls
    }
    return units === 0 ? FIRST_US_PER_UNIT : us / units
  }
}

export function createCostBook(): CostBook {
  return new Costs()
}

/** What the calls of one block took, by method. */
export interface Stopwatch {
  /** Begins, or goes on after something that is nobody's. */
  start(): void
  /** Ends the time of one call, and begins that of the next. */
  lap(method: RegisteredMethod, units: number): void
  /** Adds what another clock measured. */
  count(method: RegisteredMethod, units: number, us: number): void
  /** Hands all to the book. */
  done(): void
}

class BlockWatch implements Stopwatch {
  private readonly book: CostBook
  private readonly nowUs: () => number
  private readonly laps = new Map<
    RegisteredMethod,
    { calls: number; us: number; steadyUs: number; units: number; readonly most: number }
  >()
  private at = 0

  constructor(book: CostBook, nowUs: () => number) {
    this.book = book
    this.nowUs = nowUs
  }

  start(): void {
    this.at = this.nowUs()
  }

  lap(method: RegisteredMethod, units: number): void {
    const now = this.nowUs()
    this.count(method, units, now - this.at)
    this.at = now
  }

  count(method: RegisteredMethod, units: number, us: number): void {
    const known = this.laps.get(method)
    if (known === undefined) {
      const most = MOST_TIMES_A_CALL * this.book.expect(method)
      this.laps.set(method, { calls: 1, us, steadyUs: us < most ? us : most, units, most })
    } else {
      known.calls += 1
      known.us += us
      known.steadyUs += us < known.most ? us : known.most
      known.units += units
    }
  }

  done(): void {
    for (const [method, measured] of this.laps) this.book.note(method, measured)
    this.laps.clear()
  }
}

/** Where measured work goes, and by which clock, in microseconds. Without a clock nothing is measured. */
export interface Measuring {
  readonly costs: CostBook
  readonly nowUs?: () => number
}

const NO_WATCH: Stopwatch = {
  start: () => undefined,
  lap: () => undefined,
  count: () => undefined,
  done: () => undefined,
}

export function createStopwatch(measuring: Measuring | undefined): Stopwatch {
  const nowUs = measuring?.nowUs
  return measuring === undefined || nowUs === undefined ? NO_WATCH : new BlockWatch(measuring.costs, nowUs)
}
