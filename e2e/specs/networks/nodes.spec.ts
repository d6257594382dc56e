import { ask } from '../../fixtures/rpc.ts'
import { expect, expectAccessible, expectNoSidewaysScroll, expectReadable, test } from '../../fixtures/test.ts'
import { advance, heightsOf, resume, startTwins, type Twins } from '../../fixtures/twins.ts'

/** Blocks that heads may be apart without a word. */
const APART = 8
const WIDTHS = [1280, 360] as const

let twins: Twins
test.beforeAll(async () => {
  twins = await startTwins()
})
test.afterAll(async () => {
  await twins?.stop()
})

test('nodes that are apart are amber, nodes that contradict each other are red', async ({ page }) => {
  const [one, two] = twins.nodes
  const look = async (name: string): Promise<void> => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 860 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expectNoSidewaysScroll(page)
        await expectReadable(page)
        await page.screenshot({ path: test.info().outputPath(`${name}-${width}-${colorScheme}.png`), fullPage: true })
      }
      await page.emulateMedia({ colorScheme: 'light' })
      await expectAccessible(page)
    }
  }
  // By its role: while a streamed page is put together a hidden copy can be in the document for a moment.
  const panel = page.getByRole('region', { name: /^Nodes/ })

  const stands = await heightsOf(two)
  while ((await heightsOf(one)).head <= stands.head + APART) await Promise.all([advance(one), advance(two)])
  await page.goto(`${twins.portalUrl}/status`)
  await expect(panel).toContainText(/The same chain, but heads are \d+ blocks apart/)
  await expect(panel.getByRole('row').filter({ hasText: new URL(two).host })).toContainText('Stands still')
  await expect(panel).not.toContainText('Nodes call different blocks irreversible')
  await look('apart')

  await resume(two)
  const split = (await heightsOf(one)).head
  const final = async (): Promise<number> =>
    Math.min(...(await Promise.all([one, two].map(heightsOf))).map((heights) => heights.final))
  while ((await final()) <= stands.head) await Promise.all([advance(one), advance(two)])
  expect(split).toBeGreaterThan(stands.head)
  const hashes = await Promise.all(
    [one, two].map((url) => ask<{ hash: string }>(url, 'aelf_getHeader', [String(stands.head + 1)])),
  )
  expect(hashes[0]?.hash).not.toBe(hashes[1]?.hash)
  await page.reload()
  await expect(panel).toContainText('Nodes call different blocks irreversible at one height')
  await expect(panel).toContainText('nodes.conflict')
  for (const url of twins.nodes)
    await expect(panel.getByRole('listitem').filter({ hasText: new URL(url).host })).toHaveCount(1)
  await look('conflict')
})
