import type { Locator, Page } from '@playwright/test'
import {
  chainInfo,
  type Delegate,
  delegates,
  demoAccounts,
  fastForward,
  makeBlocksUntil,
  nextTerm,
  rpc,
  settle,
} from '../fixtures/chain.ts'
import { expect, expectAccessible, expectNoSidewaysScroll, test } from '../fixtures/test.ts'
import { injectWallet, WALLET_NAME, type Wallet } from '../fixtures/wallet.ts'

const SEATS = 17
const UNIT = 100_000_000n
const DAY_SECONDS = 86_400
const LOCK_DAYS = 90

const connect = async (page: Page): Promise<void> => {
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: WALLET_NAME }).click()
  await expect(page.getByRole('button', { name: new RegExp(`Account ${WALLET_NAME}`) })).toBeVisible()
}

const chooseDelegate = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: /Choose a delegate/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Choose a delegate' })
  await dialog.getByLabel('Find a delegate').fill(name)
  await dialog.getByRole('button', { name }).click()
}

/** Reviews, compares the words on the page with those in the wallet, signs, and waits until the node has it. */
const signAs = async (page: Page, wallet: Wallet, action: string): Promise<string> => {
  await page.getByRole('button', { name: action }).click()
  await expect(page.getByRole('heading', { name: 'You are about to sign' })).toBeVisible()
  const shown = (await page.locator('blockquote').innerText()).trim()
  const before = wallet.signed.length
  await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()
  await expect(page.getByText('The node has it')).toBeVisible()
  expect(wallet.signed).toHaveLength(before + 1)
  expect(wallet.signed.at(-1)?.message?.intent).toBe(shown)
  return shown
}

const trayEntry = async (page: Page, intent: string): Promise<Locator> => {
  const tray = page.getByRole('complementary', { name: 'Your transactions' })
  const toggle = tray.getByRole('button', { name: /in progress|Transactions/ })
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
  return tray.getByRole('listitem').filter({ hasText: intent }).first()
}

const closeTray = async (page: Page): Promise<void> => {
  const toggle = page.getByRole('complementary', { name: 'Your transactions' }).getByRole('button', { expanded: true })
  if (await toggle.isVisible()) await toggle.click()
}

/** The heaviest candidate outside of the seats, and how much at 90 days would lift it just over the line. */
const challenger = async (): Promise<{ delegate: Delegate; amount: bigint }> => {
  const all = await delegates()
  const delegate = all.find(({ isProducer, rank }) => !isProducer && rank > SEATS)
  const last = all.find(({ rank }) => rank === SEATS)
  if (delegate === undefined || last === undefined) throw new Error('the test chain needs more candidates than seats')
  return { delegate, amount: (BigInt(last.weight) - BigInt(delegate.weight)) / UNIT + 1000n }
}

interface Slot {
  readonly producer: string
  readonly state: string
}

const hasProduced = async (address: string): Promise<boolean> => {
  const round = await rpc<{ number: string; slots: Slot[] }>('aelf_getRound', ['latest'])
  return round.slots.some(({ producer, state }) => producer === address && state === 'produced')
}

interface Actor {
  readonly page: Page
  readonly wallet: Wallet
}

const vote = async ({ page, wallet }: Actor, delegate: Delegate, amount: bigint): Promise<string> => {
  await page.goto('/stake/new')
  await chooseDelegate(page, delegate.name)
  await page.locator('#amount').fill(String(amount))
  await page.getByRole('button', { name: `${LOCK_DAYS} days`, exact: true }).click()
  const intent = await signAs(page, wallet, 'Review the transaction')
  expect(intent).toContain(`for ${LOCK_DAYS} days and vote for ${delegate.address}`)
  return intent
}

const untilIrreversible = async (page: Page, intent: string): Promise<void> => {
  const entry = await trayEntry(page, intent)
  await settle()
  await expect(entry).toContainText('two thirds of the producers have committed to it', { timeout: 120_000 })
  await closeTray(page)
}

const openPosition = async (page: Page): Promise<void> => {
  await page.goto('/stake')
  await page
    .locator('#positions')
    .getByRole('link', { name: /ELF|[0-9]/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/stake\/0x[0-9a-f]{64}/)
}

const journeys = [
  { name: 'at a desk', viewport: { width: 1280, height: 860 }, account: 1 },
  { name: 'on a phone, 360 px', viewport: { width: 360, height: 740 }, account: 2 },
]

for (const { name, viewport, account } of journeys) {
  test.describe(name, () => {
    test.use({ viewport })
    test('a holder locks, votes, sees it count, changes the vote and gets the tokens back', async ({ page }) => {
      const key = (await demoAccounts())[account]?.privateKey
      if (key === undefined) throw new Error('the test chain has no such demo account')
      const wallet = await injectWallet(page, key)
      const actor = { page, wallet }
      const { delegate, amount } = await challenger()

      await test.step('connect a wallet that stays on its own network', async () => {
        await page.goto('/')
        await connect(page)
      })
      const intent = await test.step('lock and vote', () => vote(actor, delegate, amount))
      await expectNoSidewaysScroll(page)
      await expectAccessible(page)
      await test.step('the tray follows it until it cannot be undone', () => untilIrreversible(page, intent))

      await test.step('the ranking moves', async () => {
        const now = (await delegates()).find(({ address }) => address === delegate.address)
        expect(now?.rank).toBe(SEATS)
        await page.goto('/election')
        const row = page.locator('main tbody tr').filter({ hasText: delegate.name }).first()
        await expect(row).toContainText(String(SEATS))
      })

      await test.step('in the next term the delegate makes blocks', async () => {
        await nextTerm()
        await makeBlocksUntil(() => hasProduced(delegate.address))
        await page.goto('/rounds')
        const slot = page.getByRole('button', { name: new RegExp(`, ${delegate.name}, produced, block `) })
        await expect(slot.first()).toBeVisible({ timeout: 30_000 })
      })

      await test.step('when that term has ended, its rewards are claimed', async () => {
        await nextTerm()
        const balance = (): Promise<bigint> =>
          rpc<string>('aelf_call', ['token', 'balanceOf', { account: wallet.address, symbol: 'ELF' }]).then(BigInt)
        const before = await balance()
        await page.goto('/stake')
        await expect(page.locator('#rewards').getByRole('button', { name: 'Claim' })).toBeEnabled({ timeout: 60_000 })
        await expectNoSidewaysScroll(page)
        await expectAccessible(page)
        const claimed = await signAs(page, wallet, 'Claim')
        expect(claimed).toMatch(/^Claim the rewards of the vote 0x[0-9a-f]{64}$/)
        await expect.poll(balance).toBeGreaterThan(before)
        await untilIrreversible(page, claimed)
        await page.reload()
        await expect(page.locator('#rewards').getByRole('table')).toContainText(delegate.name)
        await page.goto(`/delegates/${delegate.address}`)
        await expect(
          page
            .locator('#rewards')
            .getByRole('row', { name: /Term \d/ })
            .first(),
        ).toContainText('ELF')
      })

      await test.step('the vote moves to another delegate', async () => {
        const other = (await delegates()).find(({ rank }) => rank === 1)
        if (other === undefined) throw new Error('nobody to move to')
        await openPosition(page)
        await expectAccessible(page)
        await page.getByRole('tab', { name: 'Move the vote' }).click()
        await chooseDelegate(page, other.name)
        const moved = await signAs(page, wallet, 'Review the move')
        await untilIrreversible(page, moved)
        const positions = await rpc<{ delegate: string }[]>('aelf_call', [
          'election',
          'positionsOf',
          { account: wallet.address },
        ])
        expect(positions.map((position) => position.delegate)).toContain(other.address)
      })

      await test.step('an early withdrawal is refused with the date', async () => {
        await page.getByRole('tab', { name: 'Withdraw' }).click()
        await expect(page.getByRole('button', { name: 'Review the withdrawal' })).toBeDisabled()
        await expect(page.getByRole('status').filter({ hasText: 'Locked. It opens' })).toContainText(/20\d\d/)
      })

      await test.step('after the lock the tokens come back', async () => {
        await fastForward(LOCK_DAYS * DAY_SECONDS)
        const head = Number((await chainInfo()).height)
        await expect.poll(async () => Number((await chainInfo()).height)).toBeGreaterThan(head + 1)
        await openPosition(page)
        await page.getByRole('tab', { name: 'Withdraw' }).click()
        await expect(page.getByRole('button', { name: 'Review the withdrawal' })).toBeEnabled({ timeout: 30_000 })
        const withdrawn = await signAs(page, wallet, 'Review the withdrawal')
        await untilIrreversible(page, withdrawn)
        await expect(page.getByRole('heading', { level: 1 })).toContainText('Withdrawn')
        await expect(page.getByText('This lock was withdrawn')).toBeVisible()
        // What its holder was told does not go away when the page learns what it has done.
        await expect(page.getByText('The node has it')).toBeVisible()
      })
    })
  })
}

test('a signature refused in the wallet changes nothing and can be tried again', async ({ page }) => {
  const key = (await demoAccounts())[3]?.privateKey
  if (key === undefined) throw new Error('the test chain has no such demo account')
  const wallet = await injectWallet(page, key)
  const { delegate } = await challenger()
  await page.goto('/')
  await connect(page)
  await page.goto('/stake/new')
  await chooseDelegate(page, delegate.name)
  await page.locator('#amount').fill('5')
  await page.getByRole('button', { name: 'Review the transaction' }).click()
  wallet.rejectNext()
  await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('status'))
      .filter({ hasText: /reject|refus|declin|cancel/i })
      .first(),
  ).toBeVisible()
  expect(wallet.signed).toHaveLength(0)
  await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()
  await expect(page.getByText('The node has it')).toBeVisible()
})

test('a demo account works without any wallet', async ({ page }) => {
  const { delegate } = await challenger()
  await page.goto('/')
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Demo account 4/ })
    .click()
  await page.goto('/stake/new')
  await chooseDelegate(page, delegate.name)
  await page.locator('#amount').fill('10')
  await page.getByRole('button', { name: 'Review the transaction' }).click()
  const intent = (await page.locator('blockquote').innerText()).trim()
  await page.getByRole('button', { name: /^Sign as/ }).click()
  await expect(page.getByText('The node has it')).toBeVisible()
  const entry = await trayEntry(page, intent)
  await expect(entry).toContainText(/Block [0-9,]+/)
  await closeTray(page)
  await page.getByRole('link', { name: 'Follow the transaction' }).click()
  await expect(page).toHaveURL(/\/explorer\/txs\/0x[0-9a-f]{64}/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page)
})
