-- The board of ideas: the order of its cards, and its columns as something that an index can start with.

-- "rank" orders the cards of a column, see src/kernel/rank.rs: as bytes, then by id. A new idea gets the
-- microseconds since 1970, so it stands last and no two that come one after the other are equal.
--
-- "boardColumn" is the status as text. Under row security an index condition has to be leakproof, which
-- comparing texts is and comparing enums is not. A trigger keeps it, rather than a generated column, because
-- the condition of touch_updated_at looks at the whole row, which a table with generated columns does not allow.
ALTER TABLE "Idea"
  ADD COLUMN rank text COLLATE "C",
  ADD COLUMN "boardColumn" text COLLATE "C";

-- The ideas that are there already, oldest first. Rewriting the columns asks neither row security nor triggers,
-- so no idea looks freshly changed.
ALTER TABLE "Idea"
  ALTER COLUMN rank TYPE text COLLATE "C"
    USING lpad(to_hex((date_part('epoch', "createdAt") * 1000000)::bigint), 14, '0') || substr(md5(id), 1, 4) || '1',
  ALTER COLUMN "boardColumn" TYPE text COLLATE "C" USING status::text;

ALTER TABLE "Idea"
  ALTER COLUMN rank SET DEFAULT lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000000)::bigint), 14, '0'),
  ALTER COLUMN rank SET NOT NULL,
  ALTER COLUMN "boardColumn" SET DEFAULT '',
  ALTER COLUMN "boardColumn" SET NOT NULL,
  ADD CONSTRAINT idea_rank_length CHECK (char_length(rank) BETWEEN 1 AND 200);

-- For every table whose board's columns are its statuses.
CREATE FUNCTION keep_board_column() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW."boardColumn" := NEW.status::text;
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_board_column BEFORE INSERT OR UPDATE ON "Idea"
  FOR EACH ROW WHEN (NEW."boardColumn" IS DISTINCT FROM NEW.status::text)
  EXECUTE FUNCTION keep_board_column();

-- Any stretch of a column is one range of this.
CREATE INDEX "Idea_board_idx" ON "Idea" ("organizationId", "productId", "boardColumn", rank, id)
  WHERE "deletedAt" IS NULL;
