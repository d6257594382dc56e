-- What people of the portal asked for: sessions and alerts. Not part of the index: no chain can rebuild it.

CREATE TABLE "sign_in_nonces" (
    "nonce" TEXT NOT NULL,
    "expires_at_ms" BIGINT NOT NULL,

    CONSTRAINT "sign_in_nonces_pkey" PRIMARY KEY ("nonce")
);

CREATE TABLE "sessions" (
    "token_hash" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "seen_at_ms" BIGINT NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("token_hash")
);

CREATE TABLE "alert_channels" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "confirm_nonce" TEXT,
    "confirm_sent_ms" BIGINT,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "alert_channels_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_subscriptions" (
    "id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "delegate" TEXT NOT NULL,
    "kinds" TEXT[],
    "missed_in_row" INTEGER NOT NULL,
    "from_slot" BIGINT NOT NULL,
    "from_height" BIGINT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "alert_subscriptions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_deliveries" (
    "id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "event_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "delegate" TEXT,
    "height" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "last_error" TEXT,
    "created_at_ms" BIGINT NOT NULL,
    "claimed_until_ms" BIGINT NOT NULL,
    "finished_at_ms" BIGINT,

    CONSTRAINT "alert_deliveries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "alert_watches" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "since_ms" BIGINT NOT NULL,

    CONSTRAINT "alert_watches_pkey" PRIMARY KEY ("name")
);

CREATE INDEX "sign_in_nonces_expires_at_ms_idx" ON "sign_in_nonces"("expires_at_ms");

CREATE INDEX "sessions_address_idx" ON "sessions"("address");

CREATE INDEX "sessions_seen_at_ms_idx" ON "sessions"("seen_at_ms");

CREATE INDEX "alert_channels_owner_idx" ON "alert_channels"("owner");

CREATE INDEX "alert_channels_target_idx" ON "alert_channels"("target");

CREATE INDEX "alert_subscriptions_owner_idx" ON "alert_subscriptions"("owner");

CREATE INDEX "alert_subscriptions_delegate_idx" ON "alert_subscriptions"("delegate");

CREATE UNIQUE INDEX "alert_subscriptions_channel_id_delegate_key" ON "alert_subscriptions"("channel_id", "delegate");

CREATE INDEX "alert_deliveries_owner_created_at_ms_idx" ON "alert_deliveries"("owner", "created_at_ms" DESC);

CREATE INDEX "alert_deliveries_state_claimed_until_ms_idx" ON "alert_deliveries"("state", "claimed_until_ms");

CREATE UNIQUE INDEX "alert_deliveries_channel_id_event_key_key" ON "alert_deliveries"("channel_id", "event_key");

ALTER TABLE "alert_subscriptions" ADD CONSTRAINT "alert_subscriptions_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "alert_channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "alert_channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;
