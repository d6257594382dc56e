import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { pack, unpack } from '../fixtures/archive.ts'
import { markdownPayloads } from '../fixtures/markdownPayloads.ts'
import { checkLook, expect, get, test } from '../fixtures/test.ts'

/** Demo accounts count from nought; the last is a member of the foundation. */
const MEMBER = 'Demo account 9'
const TEXT = '# Why\n\nBecause <script>alert(1)</script> [it](https://example.org/) helps.'

const sha256 = (bytes: Buffer): string => `0x${createHash('sha256').update(bytes).digest('hex')}`
const fileOf = (buffer: Buffer) => ({ name: 'source.tar.gz', mimeType: 'application/gzip', buffer })
const archiveField = (page: Page) => page.getByLabel(/Archive file/)

/** The running collection with one line more, and one that only its readers see. */
async function successor(page: Page): Promise<Buffer> {
  const response = await get(page, '/api/collection/source')
  const files = unpack(await response.body())
  const manifest = files.get('collection.json') ?? ''
  files.set('collection.json', manifest.replace(/"version": "[^"]+"/, '"version": "next"'))
  files.set('contracts/token/index.ts', `// read me first\n${files.get('contracts/token/index.ts')}`)
  return pack(files)
}

test('a member writes, hands in, has it built, signs; everybody reads it, compares it, and gets the bundle', async ({
  page,
}) => {
  await page.goto('/proposals/new')
  await page.getByLabel('Title', { exact: true }).fill('Written in the page')
  await page.getByLabel('Text, in Markdown').fill(TEXT)
  // The draft survives a reload.
  await page.reload()
  await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Written in the page')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByRole('link', { name: 'it (example.org)' })).toBeVisible()
  await expect(page.getByText('<script>alert(1)</script>')).toBeVisible()

  // What is wrong with an archive is known before anything leaves the browser.
  await archiveField(page).setInputFiles(fileOf(pack([['../x', 'x']])))
  await expect(page.getByText('archive.path')).toBeVisible()
  await archiveField(page).setInputFiles(fileOf(pack([['a.ts', `const k = 'ghp_${'a1'.repeat(18)}'`]])))
  await expect(page.getByText('looks like a secret')).toBeVisible()
  const wrong = {
    'collection.json': '{"name":"a","version":"1","entry":"main.ts"}',
    'main.ts': 'export const mainCollection = Date\n',
  }
  await archiveField(page).setInputFiles(fileOf(pack(Object.entries(wrong))))
  await expect(page.getByRole('list', { name: 'Files of the archive' })).toContainText('main.ts')
  await page.getByRole('button', { name: 'Hand in and build' }).click()
  await expect(page.locator('#archive')).toContainText('collection.audit')
  await expect(page.locator('#archive')).toContainText('main.ts: ')
  await checkLook(page)

  const archive = await successor(page)
  await archiveField(page).setInputFiles(fileOf(archive))
  await expect(page.locator('#archive')).toContainText('2 changed, 0 added, 0 removed.')
  await page.getByRole('button', { name: 'Hand in and build' }).click()
  await expect(page.locator('#archive')).toContainText('aelf-main next')
  const bundle = (await page.locator('#archive dl .sr-only').first().textContent()) ?? ''
  expect(bundle).toMatch(/^0x[0-9a-f]{64}$/)

  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: MEMBER }).click()
  await page.getByRole('button', { name: 'Review the proposal' }).click()
  await expect(page.locator('blockquote')).toContainText(sha256(archive))
  await expect(page.locator('blockquote')).toContainText(bundle)
  await page.getByRole('button', { name: /^Sign as Demo account/ }).click()
  const link = page.getByRole('link', { name: 'Open the proposal' })
  const address = await link.getAttribute('href')
  await expect.poll(async () => (await get(page, address ?? '')).status()).toBe(200)
  await link.click()

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Written in the page')
  await expect(page.locator('#text')).toContainText('Checked here: this is the text that is named on the chain')
  await expect(page.locator('#build')).toContainText('The archive gives the bundle that the proposal names')
  await page.getByRole('button', { name: /Open the archive/ }).click()
  await expect(page.locator('#source')).toContainText('2 changed, 0 added, 0 removed.')
  await page.getByRole('button', { name: /contracts\/token\/index\.ts/ }).click()
  await expect(page.getByRole('region', { name: 'Changed lines' })).toContainText('added: // read me first')
  await checkLook(page)
  await page.getByRole('tab', { name: 'Whole file' }).click()
  await expect(page.getByRole('region', { name: 'Lines' })).toContainText("export { token } from './contract.ts'")
  for (const [hash, bytes] of [
    [bundle, undefined],
    [sha256(archive), archive],
  ] as const) {
    const given = await get(page, `/api/content/${hash}`)
    expect(given.headers()).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    if (bytes !== undefined) expect(await given.body()).toEqual(bytes)
  }

  // A server that gives other files than the chain names is caught, and they are not shown.
  await page.route('**/api/content/*', (route) => route.fulfill({ body: '# Another text' }))
  await page.reload()
  await expect(page.locator('#text')).toContainText(
    'The portal gave another text than the one that is named on the chain',
  )
  await page.getByRole('button', { name: /Open the archive/ }).click()
  await expect(page.locator('#source')).toContainText('The portal gave another archive')
  await expect(page.getByText('Another text', { exact: true })).toHaveCount(0)
})

/** What stands in the preview and could act: nothing may. */
const actors = (page: Page): Promise<string[]> =>
  page.locator('#words [translate=no]').evaluate((preview) =>
    [...preview.querySelectorAll('*')].flatMap((element) => {
      const { tagName, attributes } = element
      const isPlain = /^(H3|P|PRE|CODE|BLOCKQUOTE|OL|UL|LI|HR|EM|STRONG|BR|A|SPAN)$/.test(tagName)
      const strange = [...attributes].filter(({ name, value }) =>
        name === 'href' ? !value.startsWith('https://') : !['class', 'rel', 'target'].includes(name),
      )
      return isPlain && strange.length === 0 ? [] : [element.outerHTML]
    }),
  )

test('hostile texts are shown and do nothing', async ({ page, complaints }) => {
  expect(markdownPayloads.length).toBeGreaterThan(300)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto('/proposals/new')
  // Each alone between two headings, so that what one leaves open swallows no other.
  for (let from = 0; from < markdownPayloads.length; from += 60) {
    const batch = markdownPayloads.slice(from, from + 60)
    await page
      .getByLabel('Text, in Markdown')
      .fill(batch.map((payload, at) => `# payload ${from + at}.\n\n${payload}`).join('\n\n'))
    await page.getByRole('button', { name: 'Preview' }).click()
    for (const at of [from, from + batch.length - 1])
      await expect(page.getByRole('heading', { name: `payload ${at}.`, exact: true })).toBeVisible()
    await expect(page.getByRole('heading', { name: /^payload \d+\.$/ })).toHaveCount(batch.length)
    expect(await actors(page)).toEqual([])
    await page.getByRole('button', { name: 'Preview' }).click()
  }
  expect({ dialogs, complaints }).toEqual({ dialogs: [], complaints: [] })
  // The same look sees what acts, and the page's policy would still stop it.
  await page.getByLabel('Text, in Markdown').fill('x')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('#words [translate=no]').evaluate((preview) => {
    preview.innerHTML = '<img src="data:," onerror="alert(1)">'
  })
  expect(await actors(page)).toHaveLength(1)
  await expect.poll(() => complaints.length).toBeGreaterThan(0)
  expect(dialogs).toEqual([])
  complaints.splice(0)
})
