-- The portal's view of the chain. Nothing here is a source: every row can be rebuilt from a node.
-- Rows of finished facts (blocks, transactions, ...) are deleted above the common height of a reorganisation; keyed rows
-- (accounts, balances, positions, ...) are put back from undo_entries. Amounts are smallest units.

CREATE TABLE "accounts" (
    "address" TEXT NOT NULL,
    "transaction_count" INTEGER NOT NULL,
    "first_height" BIGINT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("address")
);

CREATE TABLE "balances" (
    "address" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "opening" DECIMAL(78,0) NOT NULL,
    "opening_locked" DECIMAL(78,0) NOT NULL,
    "available" DECIMAL(78,0) NOT NULL,
    "locked" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "balances_pkey" PRIMARY KEY ("address","symbol")
);

CREATE TABLE "tokens" (
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "supply" DECIMAL(78,0) NOT NULL,
    "burned" DECIMAL(78,0) NOT NULL,
    "creator" TEXT NOT NULL,
    "burnable" BOOLEAN NOT NULL,
    "created_height" BIGINT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("symbol")
);

CREATE TABLE "blocks" (
    "height" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "parent_hash" TEXT NOT NULL,
    "slot" BIGINT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "producer" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "term" INTEGER NOT NULL,
    "position" INTEGER,
    "is_extra" BOOLEAN NOT NULL,
    "reveal" TEXT,
    "prevoted_height" BIGINT NOT NULL,
    "generated_height" BIGINT,
    "transaction_root" TEXT NOT NULL,
    "receipt_root" TEXT NOT NULL,
    "state_root" TEXT NOT NULL,
    "index_root" TEXT NOT NULL,
    "signal" TEXT,
    "signature" TEXT,
    "size" INTEGER NOT NULL,
    "transaction_count" INTEGER NOT NULL,
    "fees" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "blocks_pkey" PRIMARY KEY ("height")
);

CREATE TABLE "delegates" (
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "commission_bps" INTEGER NOT NULL,
    "standing" TEXT NOT NULL,
    "registered_height" BIGINT NOT NULL,
    "registered_order" BIGINT NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "staked" DECIMAL(78,0) NOT NULL,
    "voters" INTEGER NOT NULL,
    "produced" INTEGER NOT NULL,
    "missed" INTEGER NOT NULL,
    "last_block_height" BIGINT,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "delegates_pkey" PRIMARY KEY ("address")
);

CREATE TABLE "profile_changes" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "commission_bps" INTEGER NOT NULL,

    CONSTRAINT "profile_changes_pkey" PRIMARY KEY ("height","position")
);

CREATE TABLE "weight_points" (
    "address" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "voters" INTEGER NOT NULL,

    CONSTRAINT "weight_points_pkey" PRIMARY KEY ("address","height")
);

CREATE TABLE "checkpoints" (
    "id" INTEGER NOT NULL,
    "genesis_hash" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "chain_height" BIGINT NOT NULL,
    "prevoted_height" BIGINT NOT NULL,
    "finalized_height" BIGINT NOT NULL,
    "reorganisations" INTEGER NOT NULL,
    "deepest_reorganisation" INTEGER NOT NULL,
    "last_error" TEXT,
    "updated_at_ms" BIGINT NOT NULL,

    CONSTRAINT "checkpoints_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "undo_entries" (
    "height" BIGINT NOT NULL,
    "table_name" TEXT NOT NULL,
    "row_key" TEXT NOT NULL,
    "before" JSONB,

    CONSTRAINT "undo_entries_pkey" PRIMARY KEY ("table_name","row_key","height")
);

CREATE TABLE "audits" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "checked_at_ms" BIGINT NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "detail" TEXT NOT NULL,

    CONSTRAINT "audits_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "rounds" (
    "number" INTEGER NOT NULL,
    "term" INTEGER NOT NULL,
    "start_slot" BIGINT NOT NULL,
    "start_time_ms" BIGINT NOT NULL,
    "extra" TEXT NOT NULL,
    "produced" INTEGER NOT NULL,
    "missed" INTEGER NOT NULL,
    "excluded" JSONB NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "rounds_pkey" PRIMARY KEY ("number")
);

CREATE TABLE "round_slots" (
    "slot" BIGINT NOT NULL,
    "round" INTEGER NOT NULL,
    "term" INTEGER NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "producer" TEXT NOT NULL,
    "is_extra" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "produced_height" BIGINT,
    "produced_hash" TEXT,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "round_slots_pkey" PRIMARY KEY ("slot")
);

CREATE TABLE "terms" (
    "term" INTEGER NOT NULL,
    "start_height" BIGINT NOT NULL,
    "starts_at_ms" BIGINT NOT NULL,
    "ends_at_ms" BIGINT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "terms_pkey" PRIMARY KEY ("term")
);

CREATE TABLE "term_producers" (
    "term" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "term_producers_pkey" PRIMARY KEY ("term","rank")
);

CREATE TABLE "positions" (
    "lock_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "delegate" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "lock_days" INTEGER NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "locked_at_ms" BIGINT NOT NULL,
    "unlocks_at_ms" BIGINT NOT NULL,
    "withdrawn" BOOLEAN NOT NULL,
    "locked_height" BIGINT NOT NULL,
    "withdrawn_height" BIGINT,
    "changes" INTEGER NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("lock_id")
);

CREATE TABLE "backers" (
    "delegate" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "positions" INTEGER NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "backers_pkey" PRIMARY KEY ("delegate","owner")
);

CREATE TABLE "vote_changes" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "lock_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "delegate" TEXT NOT NULL,
    "previous_delegate" TEXT,
    "amount" DECIMAL(78,0) NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "unlocks_at_ms" BIGINT NOT NULL,

    CONSTRAINT "vote_changes_pkey" PRIMARY KEY ("height","position")
);

CREATE TABLE "transactions" (
    "id" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "sender" TEXT NOT NULL,
    "contract" TEXT NOT NULL,
    "contract_name" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "args" JSONB NOT NULL,
    "success" BOOLEAN NOT NULL,
    "error_code" TEXT,
    "error_help" TEXT,
    "fee" DECIMAL(78,0) NOT NULL,
    "fee_limit" DECIMAL(78,0) NOT NULL,
    "ref_height" BIGINT NOT NULL,
    "ref_hash" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "envelope" TEXT,

    CONSTRAINT "transactions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "events" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "transaction_id" TEXT,
    "contract" TEXT NOT NULL,
    "contract_name" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fields" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("height","position")
);

CREATE TABLE "activities" (
    "address" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,

    CONSTRAINT "activities_pkey" PRIMARY KEY ("address","height","position")
);

CREATE INDEX "balances_symbol_idx" ON "balances"("symbol");

CREATE UNIQUE INDEX "blocks_hash_key" ON "blocks"("hash");

CREATE INDEX "blocks_producer_height_idx" ON "blocks"("producer", "height" DESC);

CREATE INDEX "blocks_round_idx" ON "blocks"("round");

CREATE INDEX "blocks_term_idx" ON "blocks"("term");

CREATE INDEX "delegates_weight_registered_order_idx" ON "delegates"("weight" DESC, "registered_order");

CREATE INDEX "profile_changes_address_height_idx" ON "profile_changes"("address", "height");

CREATE INDEX "weight_points_height_idx" ON "weight_points"("height");

CREATE INDEX "undo_entries_height_idx" ON "undo_entries"("height");

CREATE INDEX "audits_name_id_idx" ON "audits"("name", "id" DESC);

CREATE INDEX "rounds_term_number_idx" ON "rounds"("term", "number");

CREATE INDEX "rounds_height_idx" ON "rounds"("height");

CREATE INDEX "round_slots_round_slot_idx" ON "round_slots"("round", "slot");

CREATE INDEX "round_slots_producer_round_idx" ON "round_slots"("producer", "round");

CREATE INDEX "round_slots_height_idx" ON "round_slots"("height");

CREATE INDEX "terms_height_idx" ON "terms"("height");

CREATE INDEX "term_producers_address_idx" ON "term_producers"("address");

CREATE INDEX "term_producers_height_idx" ON "term_producers"("height");

CREATE INDEX "positions_owner_unlocks_at_ms_idx" ON "positions"("owner", "unlocks_at_ms");

CREATE INDEX "positions_withdrawn_unlocks_at_ms_idx" ON "positions"("withdrawn", "unlocks_at_ms");

CREATE INDEX "positions_delegate_withdrawn_idx" ON "positions"("delegate", "withdrawn");

CREATE INDEX "backers_delegate_weight_owner_idx" ON "backers"("delegate", "weight" DESC, "owner");

CREATE INDEX "backers_owner_idx" ON "backers"("owner");

CREATE INDEX "vote_changes_lock_id_height_idx" ON "vote_changes"("lock_id", "height");

CREATE INDEX "vote_changes_delegate_height_idx" ON "vote_changes"("delegate", "height");

CREATE INDEX "transactions_sender_height_position_idx" ON "transactions"("sender", "height" DESC, "position" DESC);

CREATE INDEX "transactions_contract_name_method_height_position_idx" ON "transactions"("contract_name", "method", "height" DESC, "position" DESC);

CREATE UNIQUE INDEX "transactions_height_position_key" ON "transactions"("height", "position");

CREATE INDEX "events_transaction_id_idx" ON "events"("transaction_id");

CREATE INDEX "events_contract_name_name_height_idx" ON "events"("contract_name", "name", "height" DESC);

CREATE INDEX "activities_height_idx" ON "activities"("height");

-- What must hold whatever the indexer does.
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_hash_is_hash" CHECK ("hash" ~ '^0x[0-9a-f]{64}$');
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_fees_not_negative" CHECK ("fees" >= 0);
ALTER TABLE "balances" ADD CONSTRAINT "balances_not_negative" CHECK ("opening" + "available" >= 0 AND "opening_locked" + "locked" >= 0);
ALTER TABLE "positions" ADD CONSTRAINT "positions_amount_positive" CHECK ("amount" > 0);
ALTER TABLE "positions" ADD CONSTRAINT "positions_withdrawn_has_height" CHECK ("withdrawn" = ("withdrawn_height" IS NOT NULL));
ALTER TABLE "delegates" ADD CONSTRAINT "delegates_commission_in_range" CHECK ("commission_bps" BETWEEN 0 AND 10000);
ALTER TABLE "delegates" ADD CONSTRAINT "delegates_weight_not_negative" CHECK ("weight" >= 0 AND "staked" >= 0 AND "voters" >= 0);
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_one_row" CHECK ("id" = 1);
