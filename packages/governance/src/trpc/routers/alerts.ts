import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type Actor,
  addChannel,
  addDelivery,
  channelView,
  confirmChannel,
  countConfirmations,
  delegateNames,
  deliveryView,
  listChannels,
  listDeliveries,
  listSubscriptions,
  placeOf,
  putSubscription,
  removeChannel,
  removeSubscription,
  reviveDelivery,
  subscriptionView,
} from '#db'
import { type AlertKind, type AlertOptionsView, type AlertsView, alertKinds, type SignInChallenge } from '#domain'
import { createSecret, EgressError, readWebhookUrl } from '#egress'
import { checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { actorOf, mutation, procedure, router, signedIn, signedInMutation } from '../init.ts'
import { addressInput, signedText, toAddress } from '../inputs.ts'
import { linkInput, stopByLink } from '../mailLinks.ts'
import { createChannelChallenge, requireChannelSignature } from '../signIn.ts'
import { requireCheckpoint } from '../standings.ts'
import type { AlertsRecord, RouterOf, SignedText } from '../surface.ts'

const CHANNELS_MAX = 10
const SUBSCRIPTIONS_MAX = 50
const DELIVERIES_SHOWN = 50
const MISSED_MAX = 10
/** Questions to one mailbox, or from one account, in a day. */
const CONFIRMATIONS_MAX = 3
const DAY_MS = 86_400_000
const PER_HOUR = 60
const LINKS_PER_MINUTE = 120
const EMAIL_MAX = 254
const CONFIRM_BYTES = 16

const TARGET_MAX = 500
/** Of all people together, as for signing in. */
const CHALLENGES_PER_MINUTE = 600

const emailInput = z.email().max(EMAIL_MAX)
const targetInput = z.object({ kind: z.enum(['webhook', 'email']), target: z.string().max(TARGET_MAX) }).strict()
const idInput = z.object({ id: z.uuid() }).strict()
// Written out, since a schema knows no readonly list: the first kind stands for itself.
const kindInput = z.custom<AlertKind>((value) => alertKinds.some((kind) => kind === value), 'unknown kind of alert')
const subscribeInput = z
  .object({
    channelId: z.uuid(),
    delegate: addressInput,
    kinds: z.array(kindInput).min(1).max(alertKinds.length),
    missedInRow: z.number().int().min(1).max(MISSED_MAX),
  })
  .strict()

const missing = (what: string): never => {
  throw new ApiError('alert.notFound', `There is no such ${what} of yours`)
}

async function optionsOf(ctx: TrpcContext): Promise<AlertOptionsView> {
  const info = await ctx.node.info()
  return { email: ctx.site.email, loopback: info?.devnet === true, signIn: ctx.request?.site !== undefined }
}

async function listAll(ctx: TrpcContext, actor: Actor): Promise<AlertsView> {
  const { database } = ctx
  const [channels, subscriptions, deliveries] = await Promise.all([
    listChannels(database, actor),
    listSubscriptions(database, actor),
    listDeliveries(database, actor, DELIVERIES_SHOWN),
  ])
  const names = await delegateNames(
    database.prisma,
    subscriptions.map(({ delegate }) => delegate),
  )
  return {
    channels: channels.map(channelView),
    subscriptions: subscriptions.map((row) => subscriptionView(row, names.get(row.delegate))),
    deliveries: deliveries.map(deliveryView),
    limits: { channels: CHANNELS_MAX, subscriptions: SUBSCRIPTIONS_MAX },
  }
}

const full = (): never => {
  throw new ApiError('alert.full', `An account has at most ${CHANNELS_MAX} channels`, 'Remove one first.')
}

async function webhookOf(ctx: TrpcContext, text: string): Promise<URL> {
  const info = await ctx.node.info()
  try {
    return readWebhookUrl(text, { allowLoopback: info?.devnet === true })
  } catch (error) {
    if (error instanceof EgressError) throw new ApiError('alert.badTarget', error.message)
    throw error
  }
}

/** The URI that a signature for a mailbox names. */
const mailboxOf = (address: string): string => `mailto:${encodeURIComponent(address)}`

function requireEmail({ site }: TrpcContext): void {
  if (!site.email) throw new ApiError('alert.noEmail', 'E-mail is not configured on this server')
}

/** What to sign for a new channel, after its address was found good. */
async function challengeOf(ctx: TrpcContext, { kind, target }: z.infer<typeof targetInput>): Promise<SignInChallenge> {
  if ((await actorOf(ctx)) === undefined)
    throw new ApiError('session.required', 'Sign in first', 'Sign in with Ethereum.')
  if (kind === 'webhook') return createChannelChallenge(ctx, (await webhookOf(ctx, target)).href)
  requireEmail(ctx)
  const address = emailInput.safeParse(target)
  if (!address.success) throw new ApiError('alert.badTarget', 'This is not an e-mail address')
  return createChannelChallenge(ctx, mailboxOf(address.data))
}

/** The secret is answered this once; afterwards only the sender knows it. */
async function addWebhook(
  ctx: TrpcContext,
  actor: Actor,
  input: { url: string } & SignedText,
): Promise<{ id: string; secret: string }> {
  const url = await webhookOf(ctx, input.url)
  await requireChannelSignature(ctx, input, { owner: actor.address, resource: url.href })
  const id = randomUUID()
  const secret = createSecret()
  const row = {
    id,
    kind: 'webhook',
    target: url.href,
    secret,
    confirmNonce: null,
    nowMs: ctx.now(),
    max: CHANNELS_MAX,
  } as const
  if (!(await addChannel(ctx.database, actor, row))) full()
  return { id, secret }
}

async function addEmail(
  ctx: TrpcContext,
  actor: Actor,
  input: { address: string } & SignedText,
): Promise<{ id: string }> {
  const { database } = ctx
  const target = input.address
  requireEmail(ctx)
  await requireChannelSignature(ctx, input, { owner: actor.address, resource: mailboxOf(target) })
  const nowMs = ctx.now()
  const asked = await countConfirmations(database, { target, owner: actor.address, sinceMs: nowMs - DAY_MS })
  if (asked >= CONFIRMATIONS_MAX)
    throw new ApiError(
      'rate.limited',
      'This mailbox or this account was asked often enough today',
      'Try again tomorrow.',
    )
  const id = randomUUID()
  const confirmNonce = randomBytes(CONFIRM_BYTES).toString('hex')
  const row = { id, kind: 'email', target, secret: createSecret(), confirmNonce, nowMs, max: CHANNELS_MAX } as const
  if (!(await addChannel(database, actor, row))) full()
  const question = { key: `confirm ${id}`, kind: 'confirm', title: 'Confirm this address', detail: target } as const
  const delivery = { id: randomUUID(), channelId: id, delegate: null, height: 0n, nowMs, ...question }
  await addDelivery(database, delivery, { perHour: PER_HOUR })
  return { id }
}

async function subscribe(
  ctx: TrpcContext,
  actor: Actor,
  input: z.infer<typeof subscribeInput>,
): Promise<{ id: string }> {
  const { database } = ctx
  const checkpoint = requireCheckpoint(await checkpointOf(ctx))
  const delegate = toAddress(input.delegate)
  const known = await database.prisma.delegate.findUnique({ where: { address: delegate }, select: { address: true } })
  if (known === null) throw new ApiError('delegate.notFound', `${delegate} is not a delegate`)
  const place = await placeOf(database, checkpoint.height)
  const id = randomUUID()
  const outcome = await putSubscription(database, actor, {
    id,
    channelId: input.channelId,
    delegate,
    kinds: alertKinds.filter((kind) => input.kinds.includes(kind)),
    missedInRow: input.missedInRow,
    fromSlot: place?.slot ?? 0n,
    fromHeight: checkpoint.height,
    nowMs: ctx.now(),
    max: SUBSCRIPTIONS_MAX,
  })
  if (outcome === 'notFound') missing('channel')
  if (outcome === 'full')
    throw new ApiError('alert.full', `An account has at most ${SUBSCRIPTIONS_MAX} subscriptions`, 'End one first.')
  return { id }
}

export const alertsRouter: RouterOf<AlertsRecord> = router({
  options: procedure.query(({ ctx }) => optionsOf(ctx)),
  list: signedIn.query(({ ctx }) => listAll(ctx, ctx.actor)),
  challenge: mutation('channel', CHALLENGES_PER_MINUTE)
    .input(targetInput)
    .mutation(({ ctx, input }) => challengeOf(ctx, input)),
  addWebhook: signedInMutation
    .input(z.object({ url: z.string().max(TARGET_MAX), ...signedText }).strict())
    .mutation(({ ctx, input }) => addWebhook(ctx, ctx.actor, input)),
  addEmail: signedInMutation
    .input(z.object({ address: emailInput, ...signedText }).strict())
    .mutation(({ ctx, input }) => addEmail(ctx, ctx.actor, input)),
  removeChannel: signedInMutation
    .input(idInput)
    .mutation(async ({ ctx, input }) =>
      (await removeChannel(ctx.database, ctx.actor, input.id)) ? { id: input.id } : missing('channel'),
    ),
  subscribe: signedInMutation.input(subscribeInput).mutation(({ ctx, input }) => subscribe(ctx, ctx.actor, input)),
  unsubscribe: signedInMutation
    .input(idInput)
    .mutation(async ({ ctx, input }) =>
      (await removeSubscription(ctx.database, ctx.actor, input.id)) ? { id: input.id } : missing('subscription'),
    ),
  retry: signedInMutation
    .input(idInput)
    .mutation(async ({ ctx, input }) =>
      (await reviveDelivery(ctx.database, ctx.actor, input.id)) ? { id: input.id } : missing('message'),
    ),
  confirm: mutation('confirm', LINKS_PER_MINUTE)
    .input(linkInput)
    .mutation(async ({ ctx, input }) => ({
      done: await confirmChannel(ctx.database, { id: input.channel, nonce: input.token, sinceMs: ctx.now() - DAY_MS }),
    })),
  stop: mutation('stop', LINKS_PER_MINUTE)
    .input(linkInput)
    .mutation(({ ctx, input }) => stopByLink(ctx, input)),
})
