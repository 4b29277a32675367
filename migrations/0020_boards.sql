-- The boards of features and of tasks, as 0013 has made that of ideas; and how many cards a column is to hold at most.

ALTER TABLE "Feature" ADD COLUMN rank text COLLATE "C", ADD COLUMN "boardColumn" text COLLATE "C";
ALTER TABLE "Task" ADD COLUMN rank text COLLATE "C", ADD COLUMN "boardColumn" text COLLATE "C";

-- What is there already, oldest first, past row security and triggers.
ALTER TABLE "Feature"
  ALTER COLUMN rank TYPE text COLLATE "C"
    USING lpad(to_hex((date_part('epoch', "createdAt") * 1000000)::bigint), 14, '0') || substr(md5(id), 1, 4) || '1',
  ALTER COLUMN "boardColumn" TYPE text COLLATE "C" USING status::text;
ALTER TABLE "Task"
  ALTER COLUMN rank TYPE text COLLATE "C"
    USING lpad(to_hex((date_part('epoch', "createdAt") * 1000000)::bigint), 14, '0') || substr(md5(id), 1, 4) || '1',
  ALTER COLUMN "boardColumn" TYPE text COLLATE "C" USING status::text;

ALTER TABLE "Feature"
  ALTER COLUMN rank SET DEFAULT lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000000)::bigint), 14, '0'),
  ALTER COLUMN rank SET NOT NULL,
  ALTER COLUMN "boardColumn" SET DEFAULT '',
  ALTER COLUMN "boardColumn" SET NOT NULL,
  ADD CONSTRAINT feature_rank_length CHECK (char_length(rank) BETWEEN 1 AND 200);
ALTER TABLE "Task"
  ALTER COLUMN rank SET DEFAULT lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000000)::bigint), 14, '0'),
  ALTER COLUMN rank SET NOT NULL,
  ALTER COLUMN "boardColumn" SET DEFAULT '',
  ALTER COLUMN "boardColumn" SET NOT NULL,
  ADD CONSTRAINT task_rank_length CHECK (char_length(rank) BETWEEN 1 AND 200);

CREATE TRIGGER keep_board_column BEFORE INSERT OR UPDATE ON "Feature"
  FOR EACH ROW WHEN (NEW."boardColumn" IS DISTINCT FROM NEW.status::text)
  EXECUTE FUNCTION keep_board_column();
CREATE TRIGGER keep_board_column BEFORE INSERT OR UPDATE ON "Task"
  FOR EACH ROW WHEN (NEW."boardColumn" IS DISTINCT FROM NEW.status::text)
  EXECUTE FUNCTION keep_board_column();

CREATE INDEX "Feature_board_idx" ON "Feature" ("organizationId", "productId", "boardColumn", rank, id)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Task_board_idx" ON "Task" ("organizationId", "productId", "boardColumn", rank, id)
  WHERE "deletedAt" IS NULL;

-- How many cards a column of a product's board is to hold at most. More are let in, and then it is said so.
CREATE TABLE "BoardLimit" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  board            text COLLATE "C" NOT NULL,
  "columnName"    text COLLATE "C" NOT NULL,
  "cardLimit"      integer NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "BoardLimit_column_key" UNIQUE ("organizationId", "productId", board, "columnName"),
  CONSTRAINT "BoardLimit_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT board_limit_range CHECK ("cardLimit" BETWEEN 1 AND 999),
  CONSTRAINT board_limit_column CHECK (
    (board = 'FEATURES' AND "columnName" IN ('BACKLOG', 'IN_PROGRESS', 'IN_REVIEW', 'TESTING', 'DONE', 'CANCELLED'))
    OR (board = 'TASKS' AND "columnName" IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW', 'DONE', 'CANCELLED')))
);

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "BoardLimit" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('Product', 'productId');
ALTER TABLE "BoardLimit" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "BoardLimit"
  USING ("organizationId" = current_setting('app.organization_id', true))
  WITH CHECK ("organizationId" = current_setting('app.organization_id', true));
CREATE POLICY system ON "BoardLimit" TO prodmatic_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "BoardLimit" TO prodmatic_app, prodmatic_system;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "BoardLimit" FOR EACH ROW
  EXECUTE FUNCTION audit_row('board_limit');
