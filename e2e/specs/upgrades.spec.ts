import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aelf } from '../fixtures/aelf.ts'
import { delegates, makeBlocksUntil, rpc } from '../fixtures/chain.ts'
import { addresses } from '../fixtures/product.ts'
import { checkLook, expect, test } from '../fixtures/test.ts'

/** Fewer than lock a successor in, so that what other specs see stays as it is. */
const SIGNALLING = 8
const WIDTHS = { 'at a desk': { width: 1280, height: 860 }, 'on a phone, 360 px': { width: 360, height: 740 } }

interface Status {
  readonly current: { readonly hash: string }
  readonly signals: readonly { readonly hash: string; readonly blocks: number }[]
}
const status = (): Promise<Status> => rpc<Status>('aelf_call', ['collection', 'status', {}])
const countOf = async (hash: string): Promise<number> =>
  (await status()).signals.find((one) => one.hash === hash)?.blocks ?? 0

const folder = mkdtempSync(join(tmpdir(), 'aelf-upgrades-'))
let next = ''

/** The collection that runs, under another version: another hash. */
async function buildNext(): Promise<string> {
  const [archive, source, bundle] = ['source.tar', 'source', 'next.bundle'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await aelf('collection', 'source', '--out', archive)
  mkdirSync(source)
  execFileSync('tar', ['-xf', archive, '-C', source])
  const manifest = join(source, 'collection.json')
  const fields = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>
  writeFileSync(manifest, JSON.stringify({ ...fields, version: 'e2e' }))
  const { collection } = JSON.parse(await aelf('collection', 'build', source, '--out', bundle, '--json')) as {
    collection: string
  }
  await aelf('collection', 'install', bundle, '--data', addresses().chainDir)
  return collection
}

const signal = async (hash: string | null): Promise<void> => {
  for (const { address } of (await delegates()).slice(0, SIGNALLING))
    await rpc('aelf_signalCollection', [address, hash])
}

test.beforeAll('some producers signal a successor', async () => {
  next = await buildNext()
  await signal(next)
  await makeBlocksUntil(async () => (await countOf(next)) > 2)
})
test.afterAll(async () => {
  await signal(null)
  rmSync(folder, { recursive: true })
})

for (const [name, viewport] of Object.entries(WIDTHS)) {
  test.describe(name, () => {
    test.use({ viewport })
    test('what runs, what is signalled, and a strip that moves with the blocks', async ({ page }) => {
      const { current } = await status()
      await page.goto('/upgrades')
      // Where a refresh meets the page on its way, what is still to be shown stands in the document, too, hidden.
      const shown = page.locator('#current:visible')
      await expect(shown).toContainText(current.hash)
      await expect(shown).toContainText('genesis names it')
      await expect(page.locator('#signalled:visible')).toContainText(next)
      await checkLook(page)

      await page.locator('#signalled:visible').getByRole('link', { name: next }).click()
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Signalled')
      const strip = page.locator('#signals').getByRole('img')
      await expect(strip).toHaveAccessibleName(/^\d+ of the last 100 blocks signal it; 80 are needed\.$/)
      const seen = await strip.getAttribute('aria-label')
      // It is drawn anew as blocks come, without a reload.
      await expect(strip).not.toHaveAttribute('aria-label', seen ?? '')
      await expect(page.locator('#readiness').getByText('Signals it')).not.toHaveCount(0)
      await expect(page.locator('#nodes').getByRole('row').filter({ hasText: 'Installed' })).toHaveCount(1)
      await page.getByRole('button', { name: 'Block by block' }).click()
      await expect(page.locator('#signals').getByRole('listitem').filter({ hasText: 'support' }).first()).toBeVisible()
      await expect(page.locator('#behind')).toContainText(`aelf collection signal ${next} --config node/aelf.yaml`)
      await checkLook(page)
    })
  })
}

test('the collection that runs is proven in the browser', async ({ page }) => {
  const { current } = await status()
  await page.goto(`/upgrades/${current.hash}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('In force')
  await page.getByRole('button', { name: /Collection in force/ }).click()
  await expect(page.getByRole('dialog')).toContainText('Verified here', { timeout: 90_000 })
})

test('feeds answer, and say when there is nothing new', async ({ request }) => {
  for (const [path, type, begin] of [
    ['/feeds/upgrades.xml', 'application/rss+xml', '<?xml version="1.0" encoding="UTF-8"?>\n<rss '],
    ['/feeds/upgrades.ics', 'text/calendar', 'BEGIN:VCALENDAR\r\n'],
  ] as const) {
    const first = await request.get(path)
    expect(first.status()).toBe(200)
    expect(first.headers()['content-type']).toContain(type)
    expect((await first.text()).startsWith(begin)).toBe(true)
    const again = await request.get(path, { headers: { 'if-none-match': first.headers()['etag'] ?? '' } })
    expect([200, 304]).toContain(again.status())
  }
})

test('a collection nobody knows is said plainly', async ({ page, complaints }) => {
  const response = await page.goto(`/upgrades/0x${'11'.repeat(32)}`)
  expect(response?.status()).toBe(404)
  complaints.splice(0) // the browser itself reports the 404
})
