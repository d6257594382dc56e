import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createMailer,
  type EgressError,
  isPublicAddress,
  type PostOptions,
  postJson,
  type ResolvedAddress,
  readWebhookUrl,
  signBody,
} from './index.ts'

/** Addresses that lead somewhere else than to the public internet, in every way of writing them that URLs allow. */
const hostileUrls: readonly string[] = [
  'https://127.0.0.1/', 'https://127.1/', 'https://127.0.1/', 'https://127.255.255.254/', 'https://2130706433/',
  'https://0x7f000001/', 'https://0x7f.0.0.1/', 'https://0x7f.1/', 'https://017700000001/', 'https://0177.0.0.1/',
  'https://0177.0x0.0.1/', 'https://0/', 'https://0.0.0.0/', 'https://0.1.2.3/', 'https://10.0.0.1/', 'https://10.255.255.255/',
  'https://167772161/', 'https://0xa.1/', 'https://012.0.0.1/', 'https://172.16.0.1/', 'https://172.31.255.255/',
  'https://2886729729/', 'https://192.168.0.1/', 'https://192.168.1/', 'https://3232235521/', 'https://0xc0a80001/',
  'https://169.254.169.254/latest/meta-data/', 'https://2852039166/', 'https://0xa9fea9fe/', 'https://0251.0376.0251.0376/',
  'https://169.254.0.1/', 'https://100.64.0.1/', 'https://100.127.255.255/', 'https://100.100.100.200/', 'https://192.0.0.1/',
  'https://192.0.2.1/', 'https://192.88.99.1/', 'https://198.18.0.1/', 'https://198.19.255.255/', 'https://198.51.100.1/',
  'https://203.0.113.1/', 'https://224.0.0.1/', 'https://239.255.255.250/', 'https://240.0.0.1/', 'https://255.255.255.255/',
  'https://[::]/', 'https://[::1]/', 'https://[0:0:0:0:0:0:0:1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/',
  'https://[::ffff:10.0.0.1]/', 'https://[::ffff:169.254.169.254]/', 'https://[::ffff:0:127.0.0.1]/', 'https://[::127.0.0.1]/',
  'https://[64:ff9b::127.0.0.1]/', 'https://[64:ff9b::a00:1]/', 'https://[64:ff9b:1::1]/', 'https://[2002:7f00:1::]/',
  'https://[2002:a00:1::1]/', 'https://[2001::1]/', 'https://[2001:0:7f00:1::]/', 'https://[2001:db8::1]/', 'https://[2001:10::1]/',
  'https://[3fff::1]/', 'https://[fc00::1]/', 'https://[fd12:3456:789a::1]/', 'https://[fe80::1]/', 'https://[febf::1]/',
  'https://[fec0::1]/', 'https://[ff02::1]/', 'https://[ff0e::1]/', 'https://[100::1]/', 'https://[5f00::1]/', 'https://[fd00:ec2::254]/',
  'https://①②⑦.⓪.⓪.①/', 'https://127。0。0。1/', 'https://%31%32%37.0.0.1/', 'https://127.0.0.1:8545/', 'https://user@10.0.0.1/',
] // biome-ignore format: one table

/** Addresses that are refused for what they are, wherever they lead. */
const refusedUrls: readonly string[] = [
  'http://example.com/', 'http://93.184.216.34/', 'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/',
  'data:text/plain,x', 'javascript:alert(1)', 'https://localhost/', 'https://metadata/', 'https://postgres/',
  'https://user:pass@example.com/', 'https://example.com:25/', 'https://example.com:22/', 'https://example.com:6379x/', '//example.com',
  '', 'https://', 'https:///', 'not an address', `https://example.com/${'x'.repeat(500)}`,
] // biome-ignore format: one table

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as EgressError).code
  }
  return 'accepted'
}
const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'sent',
    (error: EgressError) => error.code,
  )

describe('addresses of webhooks', () => {
  test('the table is long enough', () => {
    expect(hostileUrls.length).toBeGreaterThanOrEqual(60)
  })

  test.each(hostileUrls)('error: %s leads to a place that is not public', async (text) => {
    for (const allowLoopback of [false, true])
      expect(codeOf(() => readWebhookUrl(text, { allowLoopback }))).toMatch(/^egress\./)
    // The second lock holds by itself: the same address, had it slipped through the first.
    const url = new URL(text)
    url.username = ''
    expect(await failureOf(postJson({ url, body: '{}', headers: {}, allowLoopback: false }))).toBe('egress.address')
  })

  test.each(refusedUrls)('error: %s is refused', (text) => {
    expect(codeOf(() => readWebhookUrl(text, { allowLoopback: true }))).toMatch(/^egress\./)
  })

  test.each([
    'https://example.com/hook',
    'https://example.com:8443/',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
  ])('default: %s is accepted', (text) => {
    expect(readWebhookUrl(text, { allowLoopback: false }).href).toBe(text)
  })

  test('behavior: plain http to this machine only on a development network', () => {
    for (const text of ['http://127.0.0.1:9000/', 'http://localhost:9000/', 'http://[::1]:9000/']) {
      expect(codeOf(() => readWebhookUrl(text, { allowLoopback: true }))).toBe('accepted')
      expect(codeOf(() => readWebhookUrl(text, { allowLoopback: false }))).toBe('egress.url')
    }
  })

  test('behavior: what is no address is not public', () => {
    for (const text of ['', 'example.com', '1.2.3', 'fe80::1%eth0', '2606:2800::1%1', '::ffff:8.8.8.8'])
      expect(isPublicAddress(text)).toBe(false)
    expect(isPublicAddress('8.8.8.8')).toBe(true)
  })
})

describe('sending', () => {
  let server: Server
  let port = 0
  const seen: { headers: IncomingMessage['headers']; body: string }[] = []
  let answer: { status: number; headers?: Record<string, string>; body?: string; isSilent?: boolean } = { status: 204 }

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      if (answer.isSilent === true) return
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })

  const post = (over: Partial<PostOptions> = {}): Promise<unknown> =>
    postJson({
      url: new URL(`http://127.0.0.1:${port}/hook`),
      body: '{"a":1}',
      headers: { 'aelf-delivery': 'd1' },
      allowLoopback: true,
      ...over,
    })

  test('default: body and headers arrive', async () => {
    answer = { status: 204 }
    await post()
    expect(seen.at(-1)).toMatchObject({ body: '{"a":1}', headers: { 'aelf-delivery': 'd1' } })
  })

  test('error: redirects are not followed, and refusals of the receiver are told apart', async () => {
    const before = seen.length
    answer = { status: 302, headers: { location: `http://127.0.0.1:${port}/other` } }
    expect(await failureOf(post())).toBe('egress.redirect')
    expect(seen.length).toBe(before + 1)
    for (const [status, retryable] of [
      [404, false],
      [410, false],
      [429, true],
      [503, true],
    ] as const) {
      answer = { status }
      await expect(post()).rejects.toMatchObject({ code: 'egress.status', retryable })
    }
  })

  test('behavior: an endless answer is cut off, and what was said counts', async () => {
    answer = { status: 200, body: 'x'.repeat(1_000_000) }
    expect(await failureOf(post())).toBe('sent')
  })

  test('error: whoever says nothing is left alone in time', async () => {
    answer = { status: 200, isSilent: true }
    await expect(post({ deadlineMs: 100 })).rejects.toMatchObject({ code: 'egress.timeout', retryable: true })
  })

  test('error: a name that leads inside is never connected to, not even when only one of its answers does', async () => {
    let connections = 0
    const trap = createTcpServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
    const url = new URL(`https://rebind.test:${(trap.address() as AddressInfo).port}/`)
    const inside: ResolvedAddress = { address: '127.0.0.1', family: 4 }
    const outside: ResolvedAddress = { address: '203.0.114.1', family: 4 }
    for (const answers of [
      [inside],
      [outside, inside],
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [{ address: '::1', family: 6 }],
    ])
      expect(await failureOf(post({ url, allowLoopback: false, resolve: async () => answers }))).toBe('egress.address')
    expect(connections).toBe(0)
    await new Promise((resolve) => trap.close(resolve))
  })

  test('error: a name that answers differently the second time is asked only once', async () => {
    let asked = 0
    const resolve = async (): Promise<readonly ResolvedAddress[]> => {
      asked += 1
      return [{ address: asked === 1 ? '127.0.0.1' : '8.8.8.8', family: 4 }]
    }
    answer = { status: 204 }
    await post({ url: new URL(`http://localhost:${port}/`), resolve })
    expect(asked).toBe(1)
    // Plain http stays on this machine: a name for it that leads outside carries nothing.
    expect(await failureOf(post({ url: new URL(`http://localhost:${port}/`), resolve }))).toBe('egress.address')
  })

  test('error: a resolver that never answers is not waited for', async () => {
    const url = new URL('https://slow.test/')
    const never = (): Promise<never> => new Promise(() => undefined)
    expect(await failureOf(post({ url, resolve: never, deadlineMs: 50 }))).toBe('egress.timeout')
  })

  test('behavior: a receiver can check who sent it', () => {
    const header = signBody({ secret: 'whsec_x', body: '{}', atMs: 1_700_000_000_000 })
    const expected = createHmac('sha256', 'whsec_x').update('1700000000000.{}').digest('hex')
    expect(header).toBe(`t=1700000000000,v1=${expected}`)
  })
})

describe('mail', () => {
  /** As much of SMTP as one message needs. */
  async function startMailServer(lines: string[]): Promise<{ url: string; stop: () => void }> {
    const server = createTcpServer((socket) => {
      let inData = false
      socket.write('220 test\r\n')
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        for (const line of data.toString().split('\r\n').filter(Boolean)) {
          lines.push(line)
          if (inData) {
            if (line === '.') {
              inData = false
              socket.write('250 taken\r\n')
            }
          } else if (/^DATA/i.test(line)) {
            inData = true
            socket.write('354 go on\r\n')
          } else socket.write('250 ok\r\n')
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() }
  }

  test('default: a message goes to one address, with a way out of more', async () => {
    const lines: string[] = []
    const { url, stop } = await startMailServer(lines)
    const mailer = createMailer({ smtpUrl: url, from: 'aelf <no-reply@portal.test>' })
    await mailer.send({
      to: 'delegate@example.com',
      subject: 'A slot was missed',
      text: 'Look at your node.',
      unsubscribeUrl: 'https://portal.test/u?token=1',
    })
    mailer.close()
    stop()
    expect(lines).toContain('RCPT TO:<delegate@example.com>')
    expect(lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(1)
    expect(lines.join('\n')).toContain('List-Unsubscribe: <https://portal.test/u?token=1>')
    expect(lines.join('\n')).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })

  test('error: a server that is away is a retryable failure', async () => {
    const mailer = createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'a@b.test' })
    await expect(mailer.send({ to: 'x@y.test', subject: 's', text: 't' })).rejects.toMatchObject({
      code: 'egress.mail',
      retryable: true,
    })
  })
})
