-- Feature proposals. `proposals` is keyed and put back by a reorganisation; events are facts and deleted with their block.

CREATE TABLE "proposals" (
    "proposal_id" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "archive_hash" TEXT NOT NULL,
    "archive_bytes" BIGINT NOT NULL,
    "bundle_hash" TEXT,
    "status" TEXT NOT NULL,
    "submitted_height" BIGINT NOT NULL,
    "submitted_at_ms" BIGINT NOT NULL,
    "submitted_order" BIGINT NOT NULL,
    "ends_at_ms" BIGINT NOT NULL,
    "closed_at_ms" BIGINT,
    "electorate" INTEGER NOT NULL,
    "quorum" INTEGER NOT NULL,
    "adopted" INTEGER NOT NULL,
    "declined" INTEGER NOT NULL,
    "reviews" INTEGER NOT NULL,
    "deposit" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("proposal_id")
);

CREATE TABLE "proposal_events" (
    "height" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "block_hash" TEXT NOT NULL,
    "time_ms" BIGINT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "proposal_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "adopted" INTEGER NOT NULL,
    "declined" INTEGER NOT NULL,
    "verdict" INTEGER,
    "checklist" INTEGER,
    "review_hash" TEXT,

    CONSTRAINT "proposal_events_pkey" PRIMARY KEY ("height","position")
);

CREATE TABLE "proposal_reviewers" (
    "proposal_id" TEXT NOT NULL,
    "reviewer" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,

    CONSTRAINT "proposal_reviewers_pkey" PRIMARY KEY ("proposal_id","reviewer")
);

CREATE INDEX "proposals_status_ends_at_ms_idx" ON "proposals"("status", "ends_at_ms");

CREATE UNIQUE INDEX "proposals_submitted_order_key" ON "proposals"("submitted_order");

CREATE INDEX "proposals_text_hash_idx" ON "proposals"("text_hash");

CREATE INDEX "proposals_archive_hash_idx" ON "proposals"("archive_hash");

CREATE INDEX "proposal_events_proposal_id_height_idx" ON "proposal_events"("proposal_id", "height");

-- Nobody counts twice, and the status is one of five.
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_counts_within_electorate" CHECK ("adopted" >= 0 AND "declined" >= 0 AND "adopted" + "declined" <= "electorate");
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_status_known" CHECK ("status" IN ('open', 'approved', 'rejected', 'withdrawn', 'expired'));
