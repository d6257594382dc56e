-- What terms brought, whom, and what of it was claimed. Rows are facts: deleted above the common height of a reorganisation.

CREATE TABLE "reward_terms" (
    "term" INTEGER NOT NULL,
    "started_at_ms" BIGINT NOT NULL,
    "ended_at_ms" BIGINT NOT NULL,
    "blocks" INTEGER NOT NULL,
    "fees" DECIMAL(78,0) NOT NULL,
    "minted" DECIMAL(78,0) NOT NULL,
    "income" DECIMAL(78,0) NOT NULL,
    "shared" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "reward_terms_pkey" PRIMARY KEY ("term")
);

CREATE TABLE "reward_points" (
    "delegate" TEXT NOT NULL,
    "term" INTEGER NOT NULL,
    "started_at_ms" BIGINT NOT NULL,
    "ended_at_ms" BIGINT NOT NULL,
    "blocks" INTEGER NOT NULL,
    "income" DECIMAL(78,0) NOT NULL,
    "commission" DECIMAL(78,0) NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "per_weight" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "reward_points_pkey" PRIMARY KEY ("delegate","term")
);

CREATE TABLE "reward_claims" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "delegate" TEXT NOT NULL,
    "lock_id" TEXT,
    "amount" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "reward_claims_pkey" PRIMARY KEY ("height","position")
);

CREATE INDEX "reward_terms_height_idx" ON "reward_terms"("height");

CREATE INDEX "reward_points_height_idx" ON "reward_points"("height");

CREATE INDEX "reward_claims_account_height_idx" ON "reward_claims"("account", "height");

CREATE INDEX "reward_claims_delegate_height_idx" ON "reward_claims"("delegate", "height");

-- A part is never more than the whole.
ALTER TABLE "reward_terms" ADD CONSTRAINT "reward_terms_shared_within_income" CHECK ("shared" BETWEEN 0 AND "income");
ALTER TABLE "reward_points" ADD CONSTRAINT "reward_points_commission_within_income" CHECK ("commission" BETWEEN 0 AND "income");
ALTER TABLE "reward_claims" ADD CONSTRAINT "reward_claims_amount_positive" CHECK ("amount" > 0);
