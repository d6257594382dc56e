import type { KeccakProgram } from './keccak.ts'

/** Bytes of a slot: digest 32, r ‖ s 64, recovery 1; then status 1 and, written where the key is recovered, its address 20. */
export const SLOT = { bytes: 128, recoveryAt: 96, statusAt: 97, addressAt: 98 } as const
/** What became of a slot. Open ones are 0. */
export const STATUS = { found: 1, nobody: 2, answered: 3 } as const
/** Signatures that are claimed at a time: what somebody waits for is never behind more of them. */
export const CHUNK = 16
/** Places in the control words: what is claimed and what is published of each of two rings; whether the main thread was told. */
export const TOLD = 4
/** Then for each thread whether it is awake. */
export const AWAKE = 5

/** What a thread is given. */
export interface ThreadData {
  readonly addon: string
  readonly keccak: KeccakProgram
  readonly control: SharedArrayBuffer
  /** The one somebody waits for comes first. */
  readonly rings: readonly SharedArrayBuffer[]
  readonly slots: number
  readonly thread: number
  readonly layout: typeof SLOT
  readonly status: typeof STATUS
  readonly chunk: number
  readonly told: number
  readonly awake: number
}

interface Curve {
  ecdsaRecover(
    signature: Uint8Array,
    recovery: number,
    digest: Uint8Array,
    compressed: boolean,
    output: Uint8Array,
  ): Uint8Array
}

/** Runs in the thread, from its source text: it must not use anything from outside. */
export function serve(load: (id: string) => unknown): void {
  const { parentPort, workerData } = load('node:worker_threads') as typeof import('node:worker_threads')
  const { addon, keccak, layout, status, slots, chunk, told, ...data } = workerData as ThreadData
  const curve = load(addon) as Curve
  const control = new Int32Array(data.control)
  const rings = data.rings.map((buffer) => new Uint8Array(buffer))
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(keccak.code as Uint8Array<ArrayBuffer>))
  const absorb = exports['absorb'] as (blocks: number) => void
  const memory = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer)
  memory.set(keccak.constants)
  // The padding of a message of 64 bytes, which is all that is ever hashed.
  memory[keccak.inputAt + 64] = 1
  memory[keccak.inputAt + keccak.rate - 1] = 0x80
  const [digest, signature, key] = [new Uint8Array(32), new Uint8Array(64), new Uint8Array(65)]

  function recover(bytes: Uint8Array, at: number): void {
    digest.set(bytes.subarray(at, at + 32))
    signature.set(bytes.subarray(at + 32, at + layout.recoveryAt))
    try {
      curve.ecdsaRecover(signature, bytes[at + layout.recoveryAt] ?? 0, digest, false, key)
      memory.set(key.subarray(1), keccak.inputAt)
      absorb(1)
      bytes.set(memory.subarray(keccak.digestAt + 12, keccak.digestAt + 32), at + layout.addressAt)
      Atomics.store(bytes, at + layout.statusAt, status.found)
    } catch {
      // No public key belongs to the signature.
      Atomics.store(bytes, at + layout.statusAt, status.nobody)
    }
  }

  /** Does the next signatures of a ring; false when nobody has left any. */
  function advance(ring: number): boolean {
    const bytes = rings[ring]
    for (;;) {
      const from = Atomics.load(control, 2 * ring)
      const left = (Atomics.load(control, 2 * ring + 1) - from) | 0
      if (left <= 0 || bytes === undefined) return false
      const to = (from + Math.min(left, chunk)) | 0
      if (Atomics.compareExchange(control, 2 * ring, from, to) !== from) continue
      for (let place = from; place !== to; place = (place + 1) | 0) recover(bytes, (place & (slots - 1)) * layout.bytes)
      return true
    }
  }

  parentPort?.on('message', () => {
    const awake = data.awake + data.thread
    do {
      Atomics.store(control, awake, 1)
      // A main thread that was told and has not looked yet need not be told again.
      while (advance(0) || advance(1)) if (Atomics.exchange(control, told, 1) === 0) parentPort.postMessage(0)
      Atomics.store(control, awake, 0)
      // What was published before this thread was seen asleep would wait for another message.
    } while (rings.some((_, ring) => Atomics.load(control, 2 * ring) !== Atomics.load(control, 2 * ring + 1)))
  })
}
