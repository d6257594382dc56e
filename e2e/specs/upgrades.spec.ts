import { rpc } from '../fixtures/chain.ts'
import { checkLook, expect, test } from '../fixtures/test.ts'

interface Status {
  readonly current: { readonly hash: string; readonly since: string }
}
const status = (): Promise<Status> => rpc<Status>('aelf_call', ['collection', 'status', {}])

for (const [name, viewport] of Object.entries({
  'at a desk': { width: 1280, height: 860 },
  'on a phone, 360 px': { width: 360, height: 740 },
})) {
  test.describe(name, () => {
    test.use({ viewport })
    test('what runs, and its own page', async ({ page }) => {
      test.setTimeout(240_000)
      const { current } = await status()
      await page.goto('/upgrades')
      await expect(page.locator('#current')).toContainText(current.hash)
      await expect(page.locator('#current')).toContainText('genesis names it')
      await checkLook(page)
      await page.locator('#current').getByRole('link', { name: current.hash }).click()
      await expect(page.getByRole('heading', { level: 1 })).toContainText('In force')
      await checkLook(page)
    })
  })
}

test('a collection nobody knows is said plainly', async ({ page, complaints }) => {
  const response = await page.goto(`/upgrades/0x${'11'.repeat(32)}`)
  expect(response?.status()).toBe(404)
  complaints.splice(0) // the browser itself reports the 404
})
