-- What people say about proposals. Not made from the chain: back it up.

CREATE TABLE "comments" (
    "id" BIGSERIAL NOT NULL,
    "proposal_id" TEXT NOT NULL,
    "parent_id" BIGINT,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "edited_at_ms" BIGINT,
    "withdrawn_at_ms" BIGINT,

    CONSTRAINT "comments_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "comments_proposal_id_parent_id_id_idx" ON "comments"("proposal_id", "parent_id", "id");

CREATE INDEX "comments_author_created_at_ms_idx" ON "comments"("author", "created_at_ms");

-- What was taken back is gone.
ALTER TABLE "comments" ADD CONSTRAINT "comments_withdrawn_empty" CHECK ("withdrawn_at_ms" IS NULL OR "text" = '');
