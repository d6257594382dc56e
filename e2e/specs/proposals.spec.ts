import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { aelf } from '../fixtures/aelf.ts'
import { pack } from '../fixtures/archive.ts'
import { type Delegate, delegates, fastForward, rpc } from '../fixtures/chain.ts'
import { addresses } from '../fixtures/product.ts'
import { checkLook, checkWidths, expect, get, test } from '../fixtures/test.ts'
import { injectWallet, WALLET_NAME } from '../fixtures/wallet.ts'

/** The last demo account is a member of the foundation. */
const MEMBER = '10'
const PRODUCERS = 17
const QUORUM = 12

/** Keys of a development network follow from public phrases. */
const delegateKey = (index: number): `0x${string}` =>
  `0x${createHash('sha256').update(`aelf devnet 1 delegate ${index}`).digest('hex')}`

const folder = mkdtempSync(join(tmpdir(), 'aelf-proposals-'))
test.afterAll(() => rmSync(folder, { recursive: true }))

/** The program against the test chain. */
const onChain = (...words: string[]): Promise<string> => aelf(...words, '--rpc', addresses().rpcUrl, '--json')

const propose = async (title: string, content: Buffer | string = `archive of ${title}`): Promise<string> => {
  const [text, archive] = [join(folder, 'text.md'), join(folder, 'source.tar.gz')]
  writeFileSync(text, `# ${title}\n`)
  writeFileSync(archive, content)
  const files = ['--text', text, '--archive', archive]
  return (
    JSON.parse(await onChain('proposal', 'submit', '--title', title, ...files, '--demo', MEMBER)) as { id: string }
  ).id
}

const adoptAs = async (index: number, id: string): Promise<void> => {
  const file = join(folder, `${index}.key`)
  writeFileSync(file, delegateKey(index), { mode: 0o600 })
  await onChain('proposal', 'adopt', id, '--key-file', file)
}

/** Each waits for its own block, so that some wait together. */
const adoptByOthers = async (id: string): Promise<void> => {
  const others = Array.from({ length: QUORUM - 1 }, (_, index) => index + 1)
  while (others.length > 0) await Promise.all(others.splice(0, 4).map((index) => adoptAs(index, id)))
}

interface Voter {
  readonly producer: string
  readonly choice: number
}
const choiceOf = async (id: string, address: string): Promise<number | undefined> => {
  const voters = await rpc<Voter[]>('aelf_call', ['proposal', 'electorate', { proposalId: id }])
  return voters.find(({ producer }) => producer === address)?.choice
}

const connect = async (page: Page): Promise<void> => {
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: WALLET_NAME }).click()
  await expect(page.getByRole('button', { name: new RegExp(`Account ${WALLET_NAME}`) })).toBeVisible()
}

const connectDemo = async (page: Page, number: number): Promise<void> => {
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^Demo account ${number}\\b`) })
    .click()
}

const sign = async (page: Page, action: string): Promise<string> => {
  await page.getByRole('button', { name: action }).click()
  await expect(page.getByRole('heading', { name: 'You are about to sign' })).toBeVisible()
  const shown = (await page.locator('blockquote').innerText()).trim()
  await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()
  await expect(page.getByText('The node has it')).toBeVisible()
  return shown
}

test('a proposal is reviewed, adopted by one producer in the page, and approved', async ({ page }) => {
  const title = 'Faster rounds'
  const id = await propose(title)
  const wallet = await injectWallet(page, delegateKey(0))
  const known = (await delegates()).find(({ address }) => address === wallet.address) as Delegate

  await page.goto('/proposals')
  await expect(page.getByRole('link', { name: title })).toBeVisible({ timeout: 60_000 })
  await checkWidths(page)
  await page.getByRole('link', { name: title }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)
  await expect(page.locator('#adoption')).toContainText(`${QUORUM} more to approve`)
  await expect(page.locator('#voters').getByRole('listitem')).toHaveCount(PRODUCERS)
  await checkWidths(page)

  // A proof of the count, checked in this browser.
  await page
    .locator('#adoption')
    .getByRole('button', { name: /Proposal and its count/ })
    .click()
  await expect(page.getByRole('dialog')).toContainText('Verified here', { timeout: 90_000 })
  await page.keyboard.press('Escape')

  await connect(page)
  await page.getByRole('tab', { name: 'Review' }).click()
  await page.getByRole('radio', { name: 'Concerns' }).check()
  await page.getByRole('checkbox', { name: 'I ran the tests' }).check()
  await page.getByLabel('Text, in Markdown, if you like').fill('Read on: **fine**.')
  expect(await sign(page, 'Review what you sign')).toContain('verdict 2 (1 sound, 2 concerns, 3 unsound), checklist 8')
  await expect(page.locator('#reviews')).toContainText(known.name)
  await expect(page.locator('#reviews')).toContainText('1 of 8 points of the checklist')
  // The text of the review was handed in before its hash was signed.
  await page.locator('#reviews').getByText('Text of the review', { exact: true }).click()
  await expect(page.locator('#reviews')).toContainText('Checked here: this is the review')
  await expect(page.locator('#reviews strong')).toHaveText('fine')

  await page.getByRole('tab', { name: 'Choose' }).click()
  await page.getByRole('radio', { name: 'Adopt' }).check()
  const words = await sign(page, 'Review the choice')
  expect(words).toMatch(new RegExp(`^Adopt the proposal ${id} with text 0x[0-9a-f]{64} and archive 0x[0-9a-f]{64}$`))
  await expect.poll(() => choiceOf(id, wallet.address)).toBe(1)
  await expect(page.locator('#adoption')).toContainText(`${QUORUM - 1} more to approve`)
  await expect(page.locator('#log')).toContainText('Adopted')

  await adoptByOthers(id)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Approved')
  await expect(page.getByText('It is closed; nothing is left to sign.')).toBeVisible()
  await checkWidths(page)
})

test('people talk about a proposal under their own names, and take back what they said', async ({ page }) => {
  const title = 'To be talked about'
  const id = await propose(title)
  await injectWallet(page, delegateKey(3))
  await expect.poll(async () => (await get(page, `/proposals/${id}`)).status()).toBe(200)
  await page.goto(`/proposals/${id}`)
  const talk = page.locator('#discussion')
  await expect(talk).toContainText('no part of what is signed')
  await expect(talk).toContainText('Nobody has said anything yet.')
  await connect(page)
  await talk.getByRole('button', { name: 'Sign in with Ethereum' }).click()
  await expect(talk.locator('blockquote')).toContainText('for your alerts and comments')
  await talk.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()

  const field = talk.getByLabel('Your comment, in Markdown')
  await expect(talk.getByRole('button', { name: 'Write' })).toBeDisabled()
  await field.fill('Why **now**? <img src=x onerror=alert(1)>')
  await talk.getByRole('button', { name: 'Write' }).click()
  const comment = talk.getByRole('listitem').first()
  await expect(comment.locator('strong')).toHaveText('now')
  await expect(comment).toContainText('<img src=x')
  await expect(comment).toContainText('Producer')
  await expect(talk.locator('img')).toHaveCount(0)
  await expect(field).toHaveValue('')
  await comment.getByRole('button', { name: 'Answer' }).click()
  await comment.getByLabel('Your answer, in Markdown').fill('Because it is *ready*.')
  await comment.getByRole('button', { name: 'Answer', exact: true }).click()
  const answer = comment.getByRole('listitem')
  await expect(answer.locator('em')).toHaveText('ready')
  await checkWidths(page)

  // Found by its own address, by who is not signed in as well.
  const link = await answer.getByRole('link', { name: /^Comment \d+/ }).getAttribute('href')
  const visitor = await page.context().browser()?.newContext({ baseURL: addresses().portalUrl })
  const other = await visitor?.newPage()
  if (link === null || other === undefined) throw new Error('the answer has no address')
  await other.goto(link)
  await expect(other.locator(':target')).toContainText('Because it is ready.')
  await expect(other.locator('#discussion').getByRole('button', { name: 'Edit' })).toHaveCount(0)

  await comment
    .getByRole('button', { name: /^Edit: comment/ })
    .first()
    .click()
  await comment.getByLabel('Your changed comment, in Markdown').fill('Why this term?')
  await comment.getByRole('button', { name: 'Save' }).click()
  await expect(comment).toContainText('Why this term?')
  await expect(comment).toContainText('changed')
  // Whoever reads meanwhile sees it without a reload.
  await expect(other.locator('#discussion')).toContainText('Why this term?')
  await visitor?.close()
  await page.goto('/proposals')
  await expect(page.getByRole('listitem').filter({ hasText: title })).toContainText('2 comments')
  await checkWidths(page)

  await page.goto(`/proposals/${id}`)
  await comment
    .getByRole('button', { name: /^Take back: comment/ })
    .first()
    .click()
  await comment.getByRole('button', { name: 'Take it back' }).click()
  await expect(comment).toContainText('Its author took it back.')
  await expect(talk).not.toContainText('Why this term?')
  await expect(answer).toContainText('Because it is ready.')
  await checkWidths(page)
})

test('who did not produce is told so, and the author may withdraw', async ({ page }) => {
  const id = await propose('To be withdrawn')
  await expect.poll(async () => (await get(page, `/proposals/${id}`)).status()).toBe(200)
  await page.goto(`/proposals/${id}`)
  // Submitted from a command line: whoever has the files hands them in, and no other files.
  const text = { name: 'text.md', mimeType: 'text/markdown', buffer: Buffer.from('# To be withdrawn\n') }
  await page.getByLabel(/Hand in the text/).setInputFiles({ ...text, buffer: Buffer.from('# Another\n') })
  await expect(page.getByText('This is not the text that is named on the chain.')).toBeVisible()
  await checkLook(page)
  await page.getByLabel(/Hand in the text/).setInputFiles(text)
  await expect(page.locator('#text')).toContainText('Checked here: this is the text that is named on the chain')
  await expect(page.locator('#text').getByRole('heading', { name: 'To be withdrawn' })).toBeVisible()
  await page.getByLabel(/Hand in the archive/).setInputFiles({
    name: 'source.tar.gz',
    mimeType: 'application/gzip',
    buffer: Buffer.from('archive of To be withdrawn'),
  })
  await expect(page.locator('#source')).toContainText('archive.format')
  await expect(page.locator('#build')).toContainText('Nobody should unpack this archive')
  await connectDemo(page, Number(MEMBER) - 1)
  await expect(page.getByText('Only who produced when it was submitted chooses; this account did not.')).toBeVisible()
  await page.getByRole('tab', { name: 'Withdraw' }).click()
  await page.getByRole('button', { name: 'Review the withdrawal' }).click()
  await expect(page.locator('blockquote')).toContainText(`Withdraw the proposal ${id}`)
  // The tab that is chosen already changes nothing.
  await page.getByRole('tab', { name: 'Withdraw' }).click()
  await expect(page.locator('blockquote')).toBeVisible()
  await page.getByRole('button', { name: /^Sign as Demo account/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Withdrawn')
  await expect(page.getByText('It is closed; nothing is left to sign.')).toBeVisible()
  // What its author was told does not go away when the page learns what it has done.
  await expect(page.getByText('The node has it')).toBeVisible()
})

test('when the time to choose is over, anybody closes it and its author has the deposit back', async ({ page }) => {
  const id = await propose('Out of time')
  const { author, deposit } = await rpc<{ author: string; deposit: string }>('aelf_call', [
    'proposal',
    'proposal',
    { proposalId: id },
  ])
  const locked = (): Promise<bigint> =>
    rpc<string>('aelf_call', ['token', 'lockedOf', { account: author, symbol: 'ELF' }]).then(BigInt)
  await expect.poll(async () => (await get(page, `/proposals/${id}`)).status()).toBe(200)
  await page.goto(`/proposals/${id}`)
  await connectDemo(page, 1)
  await expect(page.getByRole('tab', { name: 'Choose' })).toBeVisible()
  const { periodSeconds } = await rpc<{ periodSeconds: string }>('aelf_call', ['proposal', 'rules', {}])
  await fastForward(Number(periodSeconds) + 1)
  await expect(page.getByText('The time to choose is over.')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Choose' })).toHaveCount(0)
  await checkLook(page)
  const before = await locked()
  await page.getByRole('button', { name: 'Review the closing' }).click()
  await expect(page.locator('blockquote')).toContainText(id)
  await page.getByRole('button', { name: /^Sign as Demo account/ }).click()
  await expect(page.getByText('It is closed; nothing is left to sign.')).toBeVisible()
  await expect(page.getByText('The node has it')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Expired')
  expect(await locked()).toBe(before - BigInt(deposit))
  await checkWidths(page)
})

test('a source that cannot be built leads to the line that is refused', async ({ page }) => {
  const archive = pack([
    ['next/collection.json', JSON.stringify({ name: 'late', version: '1', entry: 'main.ts' })],
    ['next/main.ts', "import { now } from './deep/clock.ts'\nexport const mainCollection = now\n"],
    ['next/deep/clock.ts', '// What time is it?\ntype Time = number\n\nexport const now = (): Time => Date.now()\n'],
  ])
  const id = await propose('Asks the clock', archive)
  await expect.poll(async () => (await get(page, `/proposals/${id}`)).status()).toBe(200)
  await page.goto(`/proposals/${id}`)
  const file = { name: 'next.tar.gz', mimeType: 'application/gzip', buffer: archive }
  await page.getByLabel(/Hand in the archive/).setInputFiles(file)
  const place = page.locator('#build').getByRole('link', { name: 'deep/clock.ts:4' })
  await expect(place).toBeVisible({ timeout: 60_000 })
  await expect(page.locator('#build')).toContainText('collection.audit')
  // Somebody else comes by the address alone: the archive opens at that line.
  await page.goto(`/proposals/${id}${await place.getAttribute('href')}`)
  await page.reload()
  const line = page.locator('#source [aria-current=location]')
  await expect(line).toContainText('Date.now()')
  await expect(line).toBeInViewport()
  await checkWidths(page)
})

test('a proposal that does not exist is said plainly', async ({ page, complaints }) => {
  const response = await page.goto(`/proposals/0x${'00'.repeat(32)}`)
  expect(response?.status()).toBe(404)
  complaints.splice(0) // the browser itself reports the 404
})
