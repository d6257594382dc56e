import type { Page } from '@playwright/test'
import { chainInfo, delegates } from '../fixtures/chain.ts'
import { control } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

/** What a page says that does not depend on when it is read. */
const settledFacts = async (page: Page, height: number, round: number): Promise<Record<string, unknown>> => {
  const facts: Record<string, unknown> = {}
  await page.goto(`/explorer/blocks/${height}`)
  facts.header = await page.locator('#header').innerText()
  facts.transactions = await page.locator('#transactions').innerText()
  await page.goto(`/rounds/${round}`)
  const slots = page.getByRole('list', { name: `Slots of round ${round}` }).getByRole('button')
  await slots.first().waitFor()
  facts.slots = await slots.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')))
  const [first] = await delegates()
  await page.goto(`/delegates/${first?.address}`)
  facts.backers = await page.locator('#backers').innerText()
  facts.profile = await page.locator('#commission').innerText()
  await page.goto('/election')
  const ranking = page.getByRole('table', { name: /^Ranking/ }).locator('tbody tr td:nth-child(2)')
  // The page shows its outline first; reading lists does not wait for what follows.
  await ranking.first().waitFor()
  facts.ranking = await ranking.allInnerTexts()
  return facts
}

const indexedHeight = async (page: Page): Promise<number> => {
  await page.goto('/explorer/blocks')
  const newest = await page.locator('main tbody tr').first().innerText()
  return Number(newest.split(/\s/)[0]?.replaceAll(',', ''))
}

test('the database is a view: thrown away and rebuilt, pages say the same', async ({ page, complaints }) => {
  await expect.poll(async () => Number((await chainInfo()).round), { timeout: 120_000 }).toBeGreaterThan(1)
  await expect.poll(() => indexedHeight(page)).toBeGreaterThan(3)
  const before = await settledFacts(page, 3, 1)
  expect(before.slots).toHaveLength(18)
  expect(before.ranking).toHaveLength(20)
  const head = Number((await chainInfo()).height)

  await control('rebuild')
  await expect.poll(() => indexedHeight(page).catch(() => 0), { timeout: 120_000 }).toBeGreaterThanOrEqual(head)
  expect(await settledFacts(page, 3, 1)).toEqual(before)
  complaints.splice(0) // while the database was away, pages said so
})

for (const part of ['worker', 'chain', 'portal'] as const) {
  test(`the ${part} stops and starts again: the portal goes on`, async ({ page, complaints }) => {
    const head = Number((await chainInfo()).height)
    await control(part)
    await expect.poll(() => indexedHeight(page).catch(() => 0), { timeout: 120_000 }).toBeGreaterThan(head + 1)
    complaints.splice(0)
  })
}
