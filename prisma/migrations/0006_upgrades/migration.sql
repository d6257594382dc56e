-- Upgrades of the collection. What blocks signal is in their rows already; from it follow the rule's state, which a
-- reorganisation puts back, and the steps of each upgrade, which are facts and deleted with their block.

CREATE TABLE "collection_rule" (
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "since" BIGINT NOT NULL,
    "former" TEXT,
    "window_blocks" INTEGER NOT NULL,
    "lock_in_blocks" INTEGER NOT NULL,
    "confirm_blocks" INTEGER NOT NULL,
    "candidate" TEXT,
    "locked_at" BIGINT,
    "confirmed" INTEGER NOT NULL,
    "reset_at" BIGINT,
    "upgrades" INTEGER NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "collection_rule_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "collection_signals" (
    "place" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "collection_signals_pkey" PRIMARY KEY ("place")
);

CREATE TABLE "collection_counts" (
    "hash" TEXT NOT NULL,
    "blocks" INTEGER NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "collection_counts_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "collection_events" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "other" TEXT,
    "since" BIGINT,
    "confirmed" INTEGER NOT NULL,
    "signals" INTEGER NOT NULL,
    "window_blocks" INTEGER NOT NULL,
    "lock_in_blocks" INTEGER NOT NULL,
    "confirm_blocks" INTEGER NOT NULL,

    CONSTRAINT "collection_events_pkey" PRIMARY KEY ("height","position")
);

CREATE INDEX "collection_events_hash_height_idx" ON "collection_events"("hash", "height");

CREATE INDEX "blocks_signal_height_idx" ON "blocks"("signal", "height");

CREATE INDEX "proposals_bundle_hash_idx" ON "proposals"("bundle_hash");

-- One row says what is in force; a candidate comes with the height of its lock-in; the window counts what it can hold.
ALTER TABLE "collection_rule" ADD CONSTRAINT "collection_rule_one" CHECK ("id" = 'now');
ALTER TABLE "collection_rule" ADD CONSTRAINT "collection_rule_candidate_whole" CHECK (("candidate" IS NULL) = ("locked_at" IS NULL));
ALTER TABLE "collection_counts" ADD CONSTRAINT "collection_counts_positive" CHECK ("blocks" > 0);
ALTER TABLE "collection_events" ADD CONSTRAINT "collection_events_kind_known" CHECK ("kind" IN ('began', 'lockedIn', 'replaced', 'reset', 'resumed', 'activated', 'calledOff'));

-- The rule is counted from the first block on, so an index that exists begins anew. It is a view: nothing is lost.
TRUNCATE "blocks", "transactions", "events", "activities", "vote_changes", "profile_changes", "weight_points", "rounds", "round_slots", "terms", "term_producers", "reward_terms", "reward_points", "reward_claims", "proposal_events", "accounts", "balances", "tokens", "positions", "backers", "delegates", "proposals", "proposal_reviewers", "undo_entries", "checkpoints", "audits";
