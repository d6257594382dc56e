-- Texts, archives, reviews and bundles by their hash, and what was found in archives. Not made from the chain: back it up.

CREATE TABLE "contents" (
    "hash" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "size" INTEGER NOT NULL,
    "stored_at_ms" BIGINT NOT NULL,
    "named_at_ms" BIGINT,

    CONSTRAINT "contents_pkey" PRIMARY KEY ("hash")
);

-- What is kept is compressed already.
ALTER TABLE "contents" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

CREATE INDEX "contents_named_at_ms_stored_at_ms_idx" ON "contents"("named_at_ms", "stored_at_ms");

CREATE TABLE "archive_checks" (
    "archive_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "asked_at_ms" BIGINT NOT NULL,
    "claimed_until_ms" BIGINT NOT NULL,
    "finished_at_ms" BIGINT,
    "bundle_hash" TEXT,
    "report" JSONB,

    CONSTRAINT "archive_checks_pkey" PRIMARY KEY ("archive_hash"),
    CONSTRAINT "archive_checks_archive_hash_fkey" FOREIGN KEY ("archive_hash") REFERENCES "contents"("hash") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "archive_checks_state_claimed_until_ms_idx" ON "archive_checks"("state", "claimed_until_ms");
