import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { generatePrivateKey } from 'viem/accounts'
import { delegates, demoAccounts, rpc } from '../fixtures/chain.ts'
import { addresses } from '../fixtures/product.ts'
import { listen, startReceiver } from '../fixtures/receiver.ts'
import { checkLook, expect, test } from '../fixtures/test.ts'
import { injectWallet, WALLET_NAME } from '../fixtures/wallet.ts'

const connectWith = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await expect(page.getByRole('button', { name: new RegExp(`Account ${name}`) })).toBeVisible()
}

const reach = async (page: Page, address?: string): Promise<void> => {
  await page.goto('/node')
  if (address !== undefined) await page.getByLabel('Address of the node').fill(address)
  await page.getByRole('button', { name: 'Connect to node' }).click()
}

for (const [name, viewport] of Object.entries({
  'at a desk': { width: 1280, height: 860 },
  'on a phone, 360 px': { width: 360, height: 740 },
})) {
  test.describe(name, () => {
    test.use({ viewport })
    test('a delegate pairs with its node, sees what it does, and leaves', async ({ page }) => {
      const asked: string[] = []
      page.on('request', (request) => {
        if (request.url().startsWith(addresses().portalUrl) && (request.postData() ?? '').includes('aelf_operator'))
          asked.push(request.url())
      })
      await page.goto('/node')
      await expect(page.getByLabel('Address of the node')).toHaveValue(addresses().rpcUrl)
      await reach(page)
      await expect(page.getByText('Reached')).toBeVisible()
      await connectWith(page, 'Demo account 1')
      await page.getByRole('button', { name: 'Pair with this account' }).click()
      await expect(page.locator('blockquote')).toContainText('pair this browser with the console of a node')
      await page.getByRole('button', { name: 'Sign in Demo account 1' }).click()

      await expect(page.getByText('In step with the network')).toBeVisible()
      await expect(page.locator('#slots').getByRole('listitem').first()).toContainText('produced')
      await expect(page.locator('#delegate')).toContainText('Keystore file')
      await expect(page.locator('#peers').getByRole('row').nth(1)).toBeVisible()
      await expect(page.getByRole('log').getByRole('listitem').first()).toBeVisible()
      await page.getByLabel('Level').selectOption('Warnings and errors')
      await expect(page.getByRole('log').getByText('info', { exact: true })).toHaveCount(0)
      await checkLook(page)

      await page.reload()
      await expect(page.getByText('In step with the network')).toBeVisible()
      await page.getByRole('button', { name: 'Unpair' }).click()
      await expect(page.getByRole('button', { name: 'Pair with this account' })).toBeVisible()
      expect(asked, 'nothing of the console goes through the portal').toEqual([])
    })
  })
}

test('a stranger is refused by the node', async ({ page }) => {
  await injectWallet(page, generatePrivateKey())
  await reach(page)
  await connectWith(page, WALLET_NAME)
  await page.getByRole('button', { name: 'Pair with this account' }).click()
  await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()
  await expect(page.getByText('This account is not an operator of this node')).toBeVisible()
  await expect(page.getByText('Paired')).toHaveCount(0)
})

test('what is wrong with an address is said, with the next step', async ({ page, complaints }) => {
  await reach(page, 'http://127.0.0.1:1')
  await expect(page.getByText('Nothing answers at this address.')).toBeVisible()

  const closed = await listen((_, response) => response.end('{}'))
  await reach(page, closed.url)
  await expect(page.getByText('The node answers, but not to this page.')).toBeVisible()
  await expect(page.getByText(`origins: ['${addresses().portalUrl}']`)).toBeVisible()
  await closed.stop()

  const info = { version: '0.1.0', network: 'another network', genesisHash: `0x${'00'.repeat(32)}`, role: 'observer' }
  const other = await listen((request, response) => {
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*')
    if (request.method === 'OPTIONS') return response.end()
    request.resume().on('end', () => response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: info })))
  })
  await reach(page, other.url)
  await expect(page.getByText('This node is on another network: another network.')).toBeVisible()
  await checkLook(page)
  await other.stop()
  complaints.splice(0) // the browser itself reports refused connections
})

test('a pairing that the node no longer knows is said to have ended', async ({ page }) => {
  await reach(page)
  await connectWith(page, 'Demo account 2')
  await page.getByRole('button', { name: 'Pair with this account' }).click()
  await page.getByRole('button', { name: 'Sign in Demo account 2' }).click()
  await expect(page.getByText('In step with the network')).toBeVisible()
  const pairing = await page.evaluate(() => window.sessionStorage.getItem('aelf.node.pairing'))
  await rpc('aelf_operatorUnpair', [(JSON.parse(pairing ?? '{}') as { token: string }).token])
  await expect(page.getByText('The pairing has ended')).toBeVisible()
})

for (const [name, viewport, account] of [
  ['at a desk', { width: 1280, height: 860 }, 4],
  ['on a phone, 360 px', { width: 360, height: 740 }, 5],
] as const) {
  test.describe(name, () => {
    test.use({ viewport })
    test('a holder signs in and is told by webhook that a delegate missed a slot', async ({ page, complaints }) => {
      const key = (await demoAccounts())[account]?.privateKey
      const delegate = (await delegates()).filter(({ isProducer }) => isProducer)[account]
      if (key === undefined || delegate === undefined) throw new Error('the test chain is too small')
      const receiver = await startReceiver()
      await injectWallet(page, key)
      await page.goto(`/me/notifications?delegate=${delegate.address}`)
      await connectWith(page, WALLET_NAME)
      await page.getByRole('button', { name: 'Sign in with Ethereum' }).click()
      await expect(page.locator('blockquote')).toContainText(
        `${new URL(addresses().portalUrl).host} wants you to sign in`,
      )
      await page.getByRole('button', { name: `Sign in ${WALLET_NAME}` }).click()

      await page.getByLabel('Webhook').fill('http://169.254.169.254/')
      await page.getByRole('button', { name: 'Add webhook' }).click()
      await expect(page.getByText('The address must begin with https://')).toBeVisible()
      complaints.splice(0) // the browser itself reports the refusal
      await page.getByLabel('Webhook').fill(`${receiver.url}/hook`)
      await page.getByRole('button', { name: 'Add webhook' }).click()
      await expect(page.locator('blockquote')).toContainText(`- ${receiver.url}/hook`)
      await page.getByRole('button', { name: `Sign with ${WALLET_NAME}` }).click()
      const secret = (await page.getByTestId('secret').innerText()).trim()
      await page.getByRole('button', { name: 'I have it' }).click()
      await expect(page.getByTestId('secret')).toHaveCount(0)
      await expect(page.getByRole('combobox', { name: 'Delegate' })).toHaveValue(delegate.address)
      await page.getByRole('button', { name: 'Subscribe' }).click()
      await expect(page.locator('#subscriptions').getByRole('listitem').first()).toContainText(delegate.name)

      await rpc('aelf_pauseDelegate', [delegate.address])
      await expect.poll(() => receiver.received.length, { timeout: 90_000 }).toBeGreaterThan(0)
      await rpc('aelf_resumeDelegate', [delegate.address])
      const [first] = receiver.received
      const [, at, proof] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first?.headers['aelf-signature'])) ?? []
      expect(createHmac('sha256', secret).update(`${at}.${first?.body}`).digest('hex')).toBe(proof)
      expect(JSON.parse(first?.body ?? '{}')).toMatchObject({ kind: 'missed', delegate: delegate.address })

      const message = page.locator('#deliveries').getByRole('listitem').filter({ hasText: 'missed a slot' }).first()
      await expect(message).toContainText('Delivered')
      await checkLook(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expect(page.getByRole('button', { name: 'Sign in with Ethereum' })).toBeVisible()
      await expect(page.getByText(receiver.url)).toHaveCount(0)
      await receiver.stop()
    })
  })
}
