import { chainInfo, delegates } from '../fixtures/chain.ts'
import { checkWidths, expect, expectAccessible, test } from '../fixtures/test.ts'

const routes = [
  '/',
  '/election',
  '/delegates',
  '/stake',
  '/stake/new',
  '/proposals',
  '/proposals?show=approved',
  '/proposals/new',
  '/upgrades',
  '/rounds',
  '/rounds/1',
  '/explorer',
  '/explorer/blocks',
  '/explorer/txs',
  '/explorer/blocks/1',
  '/explorer/contracts',
  '/explorer/contracts/election',
  // The account that fees go to: every chain has it.
  '/explorer/accounts/0xae1f000000000000000000000000000000000010',
  '/terms/1',
  '/me',
  '/me/notifications',
  '/alerts/confirm?channel=0b1f5f0e-5a3c-4c53-9a4e-6d9a7c2f8e11&token=x',
  '/alerts/unsubscribe?channel=0b1f5f0e-5a3c-4c53-9a4e-6d9a7c2f8e11&token=x',
  '/node',
  '/verify',
  '/status',
]

test.beforeAll('the chain has something to show', async () => {
  await expect.poll(async () => Number((await chainInfo()).height)).toBeGreaterThan(3)
})

for (const route of routes) {
  test(`${route} loads, fits and is accessible at both widths and in both themes`, async ({ page }) => {
    const response = await page.goto(route)
    expect(response?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await checkWidths(page)
  })
}

test('a delegate has a page', async ({ page }) => {
  const [first] = await delegates()
  expect(first).toBeDefined()
  await page.goto(`/delegates/${first?.address}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(first?.name ?? '')
  await expectAccessible(page)
})

test('what does not exist is said plainly', async ({ page, complaints }) => {
  const response = await page.goto('/explorer/blocks/99999999')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  complaints.splice(0) // the browser itself reports the 404
})

test('the icon a browser asks for by itself is there', async ({ request }) => {
  // A page that is replaced before its head has arrived makes the browser try this address.
  const response = await request.get('/favicon.ico')
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toContain('image/')
})

test('no wallet code is fetched before Connect is pressed', async ({ page }) => {
  const scripts: string[] = []
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return
    const text = await response.text().catch(() => '')
    if (text.includes('eip6963:requestProvider')) scripts.push(response.url())
  })
  await page.goto('/')
  await page.waitForLoadState('load')
  expect(scripts).toEqual([])
})
