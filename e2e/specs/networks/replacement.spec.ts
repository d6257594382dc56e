import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { anyPort } from '../../../.house/launch/network.mjs'
import type { Run } from '../../fixtures/aelf.ts'
import { pack, unpack } from '../../fixtures/archive.ts'
import { checkWidths, expect, get, test } from '../../fixtures/test.ts'
import { eventually, PRODUCERS, startUpgradeNetwork, type UpgradeNetwork } from '../../fixtures/upgradeNetwork.ts'
import { injectWallet, WALLET_NAME } from '../../fixtures/wallet.ts'

/** Demo accounts count from nought; the last is a member of the foundation. */
const MEMBER = 'Demo account 9'
const TITLE = 'Burning becomes destroying'
/** More than two thirds of the producers. */
const QUORUM = 4
const WINDOW = 100
const LOCK_IN = 80
const CONFIRM = 2000
/** Small enough that the block of the lock-in is not passed over. */
const NEAR = 76
/** The stopped node has this exit code. */
const NO_COLLECTION = 8

interface Status {
  readonly current: { readonly hash: string; readonly since: string }
  readonly candidate?: { readonly hash: string; readonly lockedAt: string; readonly confirmed: number } | null
  readonly signals: readonly { readonly hash: string; readonly blocks: number }[]
}

interface Header {
  readonly hash: string
  readonly decoded: { readonly signal: string; readonly stateRoot: string }
}

// The page stays open while thousands of blocks are made; drawing what moves in it would take the processor from them.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

let network: UpgradeNetwork
test.beforeAll(async () => {
  network = await startUpgradeNetwork()
})
test.afterAll(async () => {
  await network?.stop()
})

const status = (): Promise<Status> => network.rpc<Status>('aelf_call', ['collection', 'status', {}])
const delegateKey = (index: number): `0x${string}` =>
  `0x${createHash('sha256').update(`aelf devnet 1 delegate ${index}`).digest('hex')}`
const at = (path: string): string => `${network.portalUrl}${path}`

/** The running collection at twice the fee for a byte, with one method in the place of another. */
async function successor(page: Page): Promise<Buffer> {
  const files = unpack(await (await get(page, at('/api/collection/source'))).body())
  const edit = (path: string, from: string, to: string): void => {
    const text = files.get(path) ?? ''
    expect(text).toContain(from)
    files.set(path, text.replace(from, to))
  }
  edit('contracts/token/params.ts', "always('feePerByte', 1_000n", "always('feePerByte', 2_000n")
  edit('contracts/token/methods/burn.ts', 'number: 7', 'number: 8')
  edit('contracts/token/methods/burn.ts', 'function burn(', 'function destroy(')
  edit('collection.json', '"version": ', '"version": "next", "was": ')
  const manifest = JSON.parse(files.get('collection.json') ?? '{}') as { was?: string }
  delete manifest.was
  files.set('collection.json', JSON.stringify(manifest))
  return pack(files)
}

async function sign(page: Page, action: string, signer: RegExp): Promise<void> {
  await page.getByRole('button', { name: action }).click()
  await page.getByRole('button', { name: signer }).click()
  await expect(page.getByText('The node has it')).toBeVisible()
}

/** A member of the foundation hands in a text and an archive, has it built, and proposes it. */
async function propose(page: Page, archive: Buffer): Promise<{ path: string; bundle: string }> {
  await page.goto(at('/proposals/new'))
  await page.getByLabel('Title', { exact: true }).fill(TITLE)
  await page.getByLabel('Text, in Markdown').fill('# Why\n\nThe word says what it does.')
  await page
    .getByLabel(/Archive file/)
    .setInputFiles({ name: 'source.tar.gz', mimeType: 'application/gzip', buffer: archive })
  await page.getByRole('button', { name: 'Hand in and build' }).click()
  await expect(page.locator('#archive')).toContainText('aelf-main next')
  const bundle = (await page.locator('#archive dl .sr-only').first().textContent()) ?? ''
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: MEMBER }).click()
  await sign(page, 'Review the proposal', /^Sign as Demo account/)
  const path = (await page.getByRole('link', { name: 'Open the proposal' }).getAttribute('href')) ?? ''
  await expect.poll(async () => (await get(page, at(path))).status()).toBe(200)
  return { path, bundle }
}

/** A producer reads, reviews and adopts in the browser; others adopt at their terminals. */
async function adopt(page: Page, path: string, bundle: string): Promise<void> {
  await page.goto(at(path))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(TITLE)
  await expect(page.locator('#build')).toContainText('The archive gives the bundle that the proposal names')
  await page.getByRole('button', { name: /Open the archive/ }).click()
  await expect(page.locator('#source')).toContainText('3 changed, 0 added, 0 removed.')
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: WALLET_NAME }).click()
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('radio', { name: 'Sound', exact: true }).check()
  await sign(page, 'Review what you sign', /^Sign in Pocket/)
  await expect(page.locator('#reviews')).toContainText('of 8 points of the checklist')
  await page.getByRole('tab', { name: 'Choose' }).click()
  await page.getByRole('radio', { name: 'Adopt' }).check()
  await sign(page, 'Review the choice', /^Sign in Pocket/)
  await expect(page.locator('#adoption')).toContainText(`${QUORUM - 1} more to approve`)
  const id = path.split('/').at(-1) ?? ''
  for (let index = 1; index < QUORUM; index += 1) {
    const file = join(network.folder, `${index}.key`)
    writeFileSync(file, delegateKey(index), { mode: 0o600 })
    await network.aelf('proposal', 'adopt', id, '--key-file', file, '--rpc', network.rpcUrl)
  }
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Approved')
  await expect(page.getByRole('link', { name: 'Download the bundle' })).toHaveAttribute(
    'href',
    `/api/content/${bundle}`,
  )
}

/** Every producer's blocks signal it from here on; it is locked in by the 80th of them. */
async function lockIn(page: Page, bundle: string): Promise<number> {
  const delegates = await network.rpc<{ address: string }[]>('aelf_getDelegates')
  const before = await network.height()
  for (const { address } of delegates) await network.rpc('aelf_signalCollection', [address, bundle])
  await network.advance(NEAR - ((await network.height()) - before))
  const { candidate, signals } = await status()
  expect(candidate ?? undefined).toBeUndefined()
  expect(signals.find(({ hash }) => hash === bundle)?.blocks).toBeLessThan(LOCK_IN)
  await page.goto(at(`/upgrades/${bundle}`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Signalled')
  await expect(page.locator('#signals').getByRole('img')).toHaveAccessibleName(
    new RegExp(`of the last ${WINDOW} blocks signal it; ${LOCK_IN} are needed`),
  )
  await network.advance(2 * WINDOW, async () => (await status()).candidate?.hash === bundle)
  const lockedAt = Number((await status()).candidate?.lockedAt)
  const found = await Promise.all(
    [lockedAt, lockedAt - LOCK_IN, lockedAt - LOCK_IN + 1].map((height) =>
      network.rpc<Header>('aelf_getHeader', [String(height)]),
    ),
  )
  // The first of the eighty is the first of all, so the block before it is not one of them.
  expect(found.map(({ decoded }) => decoded.signal === bundle)).toEqual([true, false, true])
  return lockedAt
}

/** The follower has stopped in front of the new contracts, and says why. */
async function stopped(follower: Run, since: number, bundle: string): Promise<void> {
  const { code, err } = await follower.ended
  expect(code).toBe(NO_COLLECTION)
  expect(err).toContain(`Block ${since} runs with the collection ${bundle}`)
  expect(err).toContain('aelf collection install')
}

/** The same root of the state in a block that all of them have, above the change. */
async function sameState(urls: readonly string[], since: number): Promise<void> {
  const reached = async (url: string): Promise<number> =>
    Number((await network.rpc<{ height: string }>('aelf_chainInfo', [], url)).height)
  for (const url of urls) await eventually(`${url} above ${since}`, async () => (await reached(url)) > since)
  const common = Math.min(...(await Promise.all(urls.map(reached))))
  const headers = await Promise.all(urls.map((url) => network.rpc<Header>('aelf_getHeader', [String(common)], url)))
  expect(new Set(headers.map(({ hash, decoded }) => `${hash} ${decoded.stateRoot}`)).size).toBe(1)
}

const feeOf = (out: string): bigint => BigInt((JSON.parse(out) as { receipt: { fee: string } }).receipt.fee)

test('an archive becomes the contracts of the chain: proposed, built, adopted, signalled, counted, in force', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000)
  const first = await network.follow(network.follower.name, network.follower.rpcUrl, '--auto-install', 'no')
  const call = ['symbol=ELF', 'amount=1elf', '--demo', '1', '--rpc', network.rpcUrl, '--json']
  const burnt = feeOf(await network.aelf('send', 'token.burn', ...call))

  const archive = await successor(page)
  const { path, bundle } = await propose(page, archive)

  const producer = await browser.newPage()
  await injectWallet(producer, delegateKey(0))
  await adopt(producer, path, bundle)
  await producer.close()

  // A third person, an operator, takes the bundle from the page and builds it again elsewhere.
  const file = join(network.folder, 'next.bundle')
  writeFileSync(file, await (await get(page, at(`/api/content/${bundle}`))).body())
  const source = join(network.folder, 'next.tar.gz')
  writeFileSync(source, archive)
  await network.aelf('collection', 'verify', file, '--source', source)
  await network.aelf('collection', 'install', file, '--data', network.chainFolder)
  const lockedAt = await lockIn(page, bundle)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Locked in')
  await expect(page.locator('#count')).toContainText(`of ${CONFIRM.toLocaleString('en')} blocks in a row`)
  await expect(page.locator('#nodes').getByRole('row').filter({ hasText: 'Missing' })).toHaveCount(1)
  await checkWidths(page)

  await network.advance(2 * CONFIRM, async () => (await status()).current.hash === bundle)
  const since = Number((await status()).current.since)
  expect(since).toBe(lockedAt + CONFIRM + 1)
  await stopped(first, since, bundle)

  // The new method works, the old one is gone, the fee is the new one.
  await expect(network.aelf('send', 'token.burn', ...call)).rejects.toThrow()
  const sent = await network.aelf('send', 'token.destroy', ...call, '--bundle-file', file)
  expect(feeOf(sent)).toBeGreaterThan(burnt)
  const { id } = JSON.parse(sent) as { id: string }
  await expect.poll(async () => (await get(page, at(`/explorer/txs/${id}`))).status()).toBe(200)
  await page.goto(at(`/explorer/txs/${id}`))
  await expect(page.getByRole('main')).toContainText('Destroy 1 ELF for good')
  await page.goto(at('/explorer/contracts/token'))
  await expect(page.locator('#methods')).toContainText('function destroy(')
  await expect(page.locator('#methods')).not.toContainText('function burn(')
  await page.goto(at(`/upgrades/${bundle}`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText('In force')
  await page.goto(at(path))
  await expect(page.getByRole('main')).toContainText(TITLE)

  // With the bundle the follower goes on; who begins now takes it from its peers, and replays both times.
  await network.aelf(
    'collection',
    'install',
    file,
    '--config',
    join(network.folder, network.follower.name, 'aelf.yaml'),
  )
  await network.follow(network.follower.name, network.follower.rpcUrl)
  const fresh = `http://127.0.0.1:${await anyPort()}`
  await network.follow('fresh', fresh)
  await sameState([network.rpcUrl, network.follower.rpcUrl, fresh], since)
  expect(PRODUCERS * LOCK_IN).toBe(QUORUM * WINDOW)
})
