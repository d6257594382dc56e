-- The first block at or after a moment, such as the end of a proposal that nobody closed.
CREATE INDEX "blocks_time_ms_idx" ON "blocks"("time_ms");
