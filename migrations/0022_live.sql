-- Live changes: how a process finds what has been committed since it looked last, see src/server/live.

-- A reader asks for the transactions that its last snapshot did not show: those at or above the snapshot's
-- xmax, and the few that were under way. Both are short ranges of this index however long a transaction
-- takes. Rows come in its order, and the equal keys of one transaction are folded, so that it costs an
-- insert little.
CREATE INDEX "AuditLog_xid_idx" ON "AuditLog" (xid);

-- That something stands elsewhere on a board is no news for the log, but whoever looks at the board wants to
-- see it. Kept for minutes; read and swept by the process's own reader alone.
CREATE TABLE "Reordered" (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "entityType"     text NOT NULL,
  "entityId"       text NOT NULL,
  "userId"         text,
  "organizationId" text NOT NULL,
  xid              xid8 NOT NULL DEFAULT pg_current_xact_id(),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "Reordered_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "Reordered_organizationId_idx" ON "Reordered" ("organizationId");
CREATE INDEX "Reordered_xid_idx" ON "Reordered" (xid);
GRANT SELECT, INSERT, DELETE ON "Reordered" TO prodmatic_system;

CREATE FUNCTION note_reordered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO "Reordered" ("entityType", "entityId", "userId", "organizationId")
  VALUES (TG_TABLE_NAME, NEW.id, nullif(current_setting('app.user_id', true), ''), NEW."organizationId");
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION note_reordered() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION note_reordered() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

-- Every table whose rows have a place on a board.
DO $$
DECLARE
  ranked record;
BEGIN
  FOR ranked IN
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'rank' AND NOT a.attisdropped
  LOOP
    EXECUTE format(
      'CREATE TRIGGER note_reordered AFTER UPDATE OF rank ON %I FOR EACH ROW '
      'WHEN (OLD.rank IS DISTINCT FROM NEW.rank) EXECUTE FUNCTION note_reordered()', ranked.name);
  END LOOP;
END
$$;
