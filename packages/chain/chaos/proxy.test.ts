import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Link, openLink } from './proxy.ts'

/** Patience of a busy machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 })

/** Every rule of the proxy against a server that keeps what it gets. */
let server: Server
let link: Link
let got: Buffer[] = []
let accepted: Socket[] = []
let ends = 0

const received = (): Buffer => Buffer.concat(got)

beforeEach(async () => {
  got = []
  accepted = []
  ends = 0
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    socket.on('data', (bytes) => got.push(bytes))
    socket.on('end', () => {
      ends += 1
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  link = await openLink({ name: 'a→b', seed: 'test', target: () => ({ host: '127.0.0.1', port }) })
})
afterEach(async () => {
  for (const socket of accepted) socket.destroy()
  await link.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

interface Client {
  readonly socket: Socket
  readonly got: Buffer[]
  readonly state: { ended: boolean; closed: boolean }
}

async function client(): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port: link.port, allowHalfOpen: true })
  const state = { ended: false, closed: false }
  const chunks: Buffer[] = []
  socket.setNoDelay(true)
  socket.on('data', (bytes) => chunks.push(bytes))
  socket.on('end', () => {
    state.ended = true
  })
  socket.on('close', () => {
    state.closed = true
  })
  socket.on('error', () => {})
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve())
    socket.once('close', () => resolve())
  })
  return { socket, got: chunks, state }
}

/** Sends pieces that the system does not put together: each waits until the one before went through the proxy. */
async function pieces(one: Client, count: number, bytes = 1): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const before = link.bytes('there').in
    one.socket.write(Buffer.alloc(bytes, index % 251))
    await eventually(() => link.bytes('there').in).toBe(before + bytes)
  }
}

describe('a link', () => {
  test('default: passes bytes and ends both ways', async () => {
    const one = await client()
    await pieces(one, 20, 1000)
    await eventually(() => received().length).toBe(20_000)
    accepted[0]?.write('back')
    await eventually(() => Buffer.concat(one.got).toString()).toBe('back')
    one.socket.end()
    await eventually(() => ends).toBe(1)
    expect(one.state.ended).toBe(false)
    accepted[0]?.end()
    await eventually(() => one.state.ended).toBe(true)
    await eventually(() => link.connections()).toBe(0)
  })

  test('behavior: delay is at least the mean less the jitter, and order stays', async () => {
    link.set('there', { delayMs: 120, jitterMs: 40 })
    const one = await client()
    const started = Date.now()
    await pieces(one, 10)
    await eventually(() => received().length).toBeGreaterThan(0)
    expect(Date.now() - started).toBeGreaterThanOrEqual(80)
    await eventually(() => received().length).toBe(10)
    expect([...received()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('behavior: a narrow link takes as long as its bytes need', async () => {
    link.set('there', { bytesPerSecond: 20_000 })
    const one = await client()
    const started = Date.now()
    await pieces(one, 10, 1000)
    await eventually(() => received().length).toBe(10_000)
    expect(Date.now() - started).toBeGreaterThanOrEqual(440)
  })

  test('behavior: held bytes wait for the mending, the other way stays open', async () => {
    const one = await client()
    link.set('there', { hold: true })
    await pieces(one, 5)
    accepted[0]?.write('back')
    await eventually(() => Buffer.concat(one.got).toString()).toBe('back')
    expect(received()).toHaveLength(0)
    link.mend()
    await eventually(() => received().length).toBe(5)
  })

  test('behavior: swallowed bytes never come, and the connection is cut when the rule ends', async () => {
    const one = await client()
    link.set('there', { swallow: true })
    await pieces(one, 5)
    expect(one.state.closed).toBe(false)
    link.mend()
    await eventually(() => one.state.closed).toBe(true)
    expect(received()).toHaveLength(0)
  })

  test('behavior: a piece can break the connection, and a new one can be refused', async () => {
    link.set('there', { breakChance: 1000 })
    const one = await client()
    one.socket.write('x')
    await eventually(() => one.state.closed).toBe(true)
    link.mend()
    link.refuse(true)
    const two = await client()
    await eventually(() => two.state.closed).toBe(true)
    expect(received()).toHaveLength(0)
  })

  test('behavior: a stalled direction goes on after its time', async () => {
    link.set('there', { stallChance: 1000, stallMs: 150 })
    const one = await client()
    const started = Date.now()
    await pieces(one, 1)
    await eventually(() => received().length).toBe(1)
    expect(Date.now() - started).toBeGreaterThanOrEqual(149)
  })

  test('behavior: chances are what they are set to', async () => {
    link.set('there', { corruptChance: 300 })
    const one = await client()
    await pieces(one, 400)
    await eventually(() => received().length).toBe(400)
    const wrong = [...received()].filter((byte, index) => byte !== index % 251).length
    // 400 draws of 0.3: five deviations to each side.
    expect(wrong).toBeGreaterThan(74)
    expect(wrong).toBeLessThan(166)
  })

  test('behavior: pieces come twice or change places', async () => {
    const one = await client()
    link.set('there', { duplicateChance: 1000 })
    await pieces(one, 3)
    await eventually(() => [...received()]).toEqual([0, 0, 1, 1, 2, 2])
    got = []
    link.set('there', { reorderChance: 1000, delayMs: 300 })
    one.socket.write(Buffer.from([1]))
    await eventually(() => link.bytes('there').in).toBe(4)
    one.socket.write(Buffer.from([2]))
    await eventually(() => [...received()]).toEqual([2, 1])
  })

  test('behavior: a connection is truncated, or goes deaf, after so many bytes', async () => {
    link.set('there', { truncateAfter: 5 })
    const one = await client()
    await pieces(one, 1, 8)
    await eventually(() => ends).toBe(1)
    expect(received()).toHaveLength(5)
    link.set('there', { deafAfter: 3 })
    got = []
    const two = await client()
    await pieces(two, 2, 8)
    await eventually(() => received().length).toBe(3)
    expect([two.state.closed, ends]).toEqual([false, 1])
  })

  test('behavior: one direction is closed and the other stays', async () => {
    const one = await client()
    await pieces(one, 1)
    link.halfClose('there')
    await eventually(() => ends).toBe(1)
    accepted[0]?.write('still')
    await eventually(() => Buffer.concat(one.got).toString()).toBe('still')
  })

  test('behavior: one seed damages the same bytes', async () => {
    const seen: number[][] = []
    for (let run = 0; run < 2; run += 1) {
      const { port } = server.address() as AddressInfo
      got = []
      const same = await openLink({ name: 'same', seed: '7', target: () => ({ host: '127.0.0.1', port }) })
      const outer = link
      link = same
      same.set('there', { corruptChance: 500 })
      await pieces(await client(), 60)
      await eventually(() => received().length).toBe(60)
      seen.push([...received()])
      await same.close()
      link = outer
    }
    expect(seen[0]).toEqual(seen[1])
    expect(seen[0]).not.toEqual(Array.from({ length: 60 }, (_, index) => index))
  })
})
