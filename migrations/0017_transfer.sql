-- Imports: a file that somebody sent, which column of it is what, and what has become of it.

CREATE TYPE "ImportKind" AS ENUM ('IDEAS', 'FEEDBACK', 'FEATURES', 'TASKS');
CREATE TYPE "ImportSource" AS ENUM ('PRODMATIC', 'JIRA', 'LINEAR', 'TRELLO', 'PRODUCTBOARD', 'GITHUB', 'OTHER');
CREATE TYPE "ImportStatus" AS ENUM ('UPLOADING', 'READY', 'RUNNING', 'DONE', 'FAILED');

-- "run" counts how often it was begun. Whoever finishes names the run that it was begun under, so that a
-- process that was given up for dead changes nothing when it wakes up.
CREATE TABLE "Import" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  "authorId"       text,
  kind             "ImportKind" NOT NULL,
  source           "ImportSource" NOT NULL,
  "fileName"       text NOT NULL,
  delimiter        text NOT NULL DEFAULT ',',
  headings         text[] NOT NULL DEFAULT '{}',
  mapping          jsonb NOT NULL DEFAULT '{}',
  defaults         boolean NOT NULL DEFAULT false,
  bytes            bigint NOT NULL DEFAULT 0,
  rows             bigint NOT NULL DEFAULT 0,
  status           "ImportStatus" NOT NULL DEFAULT 'UPLOADING',
  dry              boolean NOT NULL DEFAULT false,
  run              integer NOT NULL DEFAULT 0,
  "rowsDone"       bigint NOT NULL DEFAULT 0,
  "heartbeatAt"    timestamptz(3),
  report           jsonb,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "Import_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Import_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Import_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT import_delimiter CHECK (delimiter IN (',', ';', E'\t'))
);
CREATE INDEX "Import_page_idx" ON "Import" ("organizationId", "productId", "createdAt" DESC, id DESC);
CREATE INDEX "Import_authorId_idx" ON "Import" ("authorId");

-- The file, in pieces: neither one process' memory nor its disk is needed, and any process can read it.
CREATE TABLE "ImportPart" (
  "importId"       text NOT NULL,
  n                integer NOT NULL,
  bytes            bytea NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "ImportPart_pkey" PRIMARY KEY ("organizationId", "importId", n),
  CONSTRAINT "ImportPart_importId_fkey" FOREIGN KEY ("organizationId", "importId")
    REFERENCES "Import" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT import_part_size CHECK (octet_length(bytes) BETWEEN 1 AND 1048576)
);
-- Packing what is read twice and then thrown away is not worth the time.
ALTER TABLE "ImportPart" ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX "ImportPart_createdAt_idx" ON "ImportPart" ("createdAt");

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES ('Import', 'Product', 'productId'), ('ImportPart', 'Import', 'importId')) AS v (name, parent, fk)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
      'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(%L, %L)',
      made.name, made.parent, made.fk);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made.name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made.name);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made.name);
  END LOOP;
END
$$;

-- How far an import is, and a file that is only checked, are no news. Its pieces are none at all.
CREATE TRIGGER audit AFTER INSERT OR DELETE ON "Import" FOR EACH ROW EXECUTE FUNCTION audit_row('import');
CREATE TRIGGER audit_update AFTER UPDATE ON "Import" FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND NOT NEW.dry) EXECUTE FUNCTION audit_row('import');

-- ---- The log of many rows at once

-- What is imported comes in by thousands of rows a statement, and a trigger for each of them took more time
-- than all else together. So the rows of these tables that are added are written into the log by one
-- statement for all of them, like "audit_row" would have; in their order, since each id is made in turn.
CREATE FUNCTION audit_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  hidden CONSTANT text[] := '{id,createdAt,updatedAt,organizationId,rank,boardColumn,password,secret,tokenHash,mailedTokenHash,replacedTokenHashes,sealedToken,sessionToken,access_token,refresh_token,id_token,session_state}';
BEGIN
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), TG_ARGV[0] || '.created', TG_TABLE_NAME, a.id, nullif(current_setting('app.user_id', true), ''),
         a."organizationId",
         jsonb_build_object('after', CASE WHEN pg_column_size(a.after) > 40000 THEN audit_shortened(a.after) ELSE a.after END),
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    -- Kept apart, so that each row is taken to pieces once.
    FROM (SELECT id, "organizationId", to_jsonb(added) - hidden AS after FROM added OFFSET 0) a;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit_added() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION audit_added() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

DO $$
DECLARE
  watched record;
BEGIN
  FOR watched IN
    SELECT * FROM (VALUES
      ('Idea',     'idea',     'DELETE'), -- its changes have a trigger of their own
      ('Feedback', 'feedback', 'UPDATE OR DELETE'),
      ('Feature',  'feature',  'UPDATE OR DELETE'),
      ('Task',     'task',     'UPDATE OR DELETE')
    ) AS v (name, word, events)
  LOOP
    EXECUTE format('DROP TRIGGER audit ON %I', watched.name);
    EXECUTE format('CREATE TRIGGER audit AFTER %s ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      watched.events, watched.name, watched.word);
    EXECUTE format('CREATE TRIGGER audit_added AFTER INSERT ON %I REFERENCING NEW TABLE AS added '
      'FOR EACH STATEMENT EXECUTE FUNCTION audit_added(%L)', watched.name, watched.word);
  END LOOP;
END
$$;
