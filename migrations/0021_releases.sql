-- Releases: a version is one release's alone, READY waits for the launch checklist, checklists have
-- templates, and a product may show its published changelog to the world.

-- ---- Versions

-- Another client may have given a product's releases one version; the later ones are told apart, as
-- build metadata does (semver.org, 10). Under the role that sees every tenant.
SET LOCAL ROLE prodmatic_system;
UPDATE "Release" r SET version = left(r.version, 31) || '+' || md5(r.id)
  FROM (SELECT id, row_number() OVER (PARTITION BY "productId", version ORDER BY "createdAt", id) AS place
          FROM "Release" WHERE "deletedAt" IS NULL) twin
 WHERE twin.id = r.id AND twin.place > 1;
RESET ROLE;

CREATE UNIQUE INDEX "Release_version_key" ON "Release" ("organizationId", "productId", version)
  WHERE "deletedAt" IS NULL;

-- ---- The launch checklist

ALTER TABLE "LaunchChecklistItem"
  ADD COLUMN "completedById" text,
  ADD CONSTRAINT "LaunchChecklistItem_completedById_fkey" FOREIGN KEY ("completedById")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL;
CREATE INDEX "LaunchChecklistItem_completedById_idx" ON "LaunchChecklistItem" ("completedById");
CREATE INDEX "LaunchChecklistItem_page_idx" ON "LaunchChecklistItem" ("organizationId", "releaseId", position, id);

-- A release is READY only while each required item is done, whoever writes it. A change to READY holds
-- the release's row when this looks, and whoever opens a required item takes that row first: of two at
-- one time the second sees what the first has done.
CREATE FUNCTION keep_release() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NEW.status = 'READY' AND OLD.status IS DISTINCT FROM 'READY' AND EXISTS (
    SELECT FROM "LaunchChecklistItem" i
     WHERE i."organizationId" = NEW."organizationId" AND i."releaseId" = NEW.id AND i.required AND NOT i.completed)
  THEN
    RAISE check_violation USING
      MESSAGE = 'a release is not ready while a required item of its checklist is open',
      SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'release_ready_checklist';
  END IF;
  -- The day it went out, once; it may be put right later, but not be lost.
  IF NEW.status = 'RELEASED' THEN
    NEW."releaseDate" := coalesce(NEW."releaseDate", OLD."releaseDate", now());
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_release BEFORE INSERT OR UPDATE ON "Release"
  FOR EACH ROW EXECUTE FUNCTION keep_release();

-- Who ticked an item, and when; and a release that was READY is not any more once a required item is
-- open again or comes in open.
CREATE FUNCTION keep_checklist_item() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  is_new CONSTANT boolean := TG_OP = 'INSERT';
BEGIN
  IF NOT NEW.completed THEN
    NEW."completedAt" := NULL;
    NEW."completedById" := NULL;
  ELSIF is_new OR NOT OLD.completed THEN
    NEW."completedAt" := coalesce(NEW."completedAt", now());
    NEW."completedById" := coalesce(NEW."completedById", nullif(current_setting('app.user_id', true), ''));
  END IF;
  IF NEW.required AND NOT NEW.completed
    AND (is_new OR OLD.completed OR NOT OLD.required OR OLD."releaseId" <> NEW."releaseId")
  THEN
    PERFORM FROM "Release" r
      WHERE r."organizationId" = NEW."organizationId" AND r.id = NEW."releaseId" FOR NO KEY UPDATE;
    UPDATE "Release" r SET status = 'TESTING'
     WHERE r."organizationId" = NEW."organizationId" AND r.id = NEW."releaseId" AND r.status = 'READY';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_checklist_item BEFORE INSERT OR UPDATE ON "LaunchChecklistItem"
  FOR EACH ROW EXECUTE FUNCTION keep_checklist_item();

-- ---- Templates of checklists, for all products of an organisation

CREATE TABLE "ChecklistTemplate" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "ChecklistTemplate_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "ChecklistTemplate_organizationId_name_key" UNIQUE ("organizationId", name),
  CONSTRAINT "ChecklistTemplate_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT checklist_template_name_length CHECK (name ~ '\S' AND char_length(name) <= 120)
);

-- An item is due so many days before the release's target date.
CREATE TABLE "ChecklistTemplateItem" (
  id               text PRIMARY KEY,
  "templateId"     text NOT NULL,
  title            text NOT NULL,
  required         boolean NOT NULL DEFAULT true,
  "daysBefore"     integer NOT NULL DEFAULT 0,
  position         integer NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "ChecklistTemplateItem_templateId_fkey" FOREIGN KEY ("organizationId", "templateId")
    REFERENCES "ChecklistTemplate" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT checklist_template_item_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT checklist_template_item_days_range CHECK ("daysBefore" BETWEEN 0 AND 365)
);
CREATE INDEX "ChecklistTemplateItem_page_idx" ON "ChecklistTemplateItem" ("organizationId", "templateId", position, id);

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "ChecklistTemplateItem" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('ChecklistTemplate', 'templateId');

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('ChecklistTemplate',     'checklist_template'),
      ('ChecklistTemplateItem', 'checklist_template_item')
    ) AS v (name, word)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made.name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made.name);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made.name);
    EXECUTE format(
      'CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %I FOR EACH ROW '
      'WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()', made.name);
    EXECUTE format(
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      made.name, made.word);
  END LOOP;
END
$$;

-- ---- The changelog

-- The feature that an entry was drafted from: each is in a release's changelog once.
ALTER TABLE "Changelog"
  ADD COLUMN "featureId" text,
  ADD CONSTRAINT "Changelog_featureId_fkey" FOREIGN KEY ("organizationId", "featureId")
    REFERENCES "Feature" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("featureId");
CREATE UNIQUE INDEX "Changelog_featureId_key" ON "Changelog" ("organizationId", "releaseId", "featureId");
CREATE INDEX "Changelog_feature_idx" ON "Changelog" ("organizationId", "featureId") WHERE "featureId" IS NOT NULL;

ALTER TABLE "Product" ADD COLUMN "publicChangelog" boolean NOT NULL DEFAULT false;

-- What the world may read: the published entries of what is out, of a product whose changelog is public,
-- and nothing else of it. A product without any gives one row that holds its name alone; one that is not
-- public gives none, as does one that does not exist.
CREATE FUNCTION public_changelog(p_slug text, p_key text)
RETURNS TABLE (
  organization  text,
  product       text,
  since         timestamptz,
  "releaseId"   text,
  version       text,
  "releaseDate" timestamptz,
  kind          "ChangelogKind",
  title         text,
  description   text,
  "updatedAt"   timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT o.name, p.name, p."createdAt", e.id, e.version, e."releaseDate", e.kind, e.title, e.description, e."updatedAt"
    FROM "Organization" o
    JOIN "Product" p ON p."organizationId" = o.id
    LEFT JOIN LATERAL (
      SELECT r.id, r.version, r."releaseDate", c.id AS entry, c.kind, c.title, c.description, c."updatedAt", c."createdAt"
        FROM (SELECT one.id, one.version, one."releaseDate" FROM "Release" one
               WHERE one."organizationId" = o.id AND one."productId" = p.id
                 AND one."deletedAt" IS NULL AND one.status = 'RELEASED'
                 AND EXISTS (SELECT FROM "Changelog" told
                              WHERE told."organizationId" = o.id AND told."releaseId" = one.id AND told.published)
               ORDER BY one."releaseDate" DESC, one.id DESC LIMIT 50) r
        JOIN "Changelog" c ON c."organizationId" = o.id AND c."releaseId" = r.id AND c.published
    ) e ON true
   WHERE o.slug = p_slug AND o."deletedAt" IS NULL
     AND p.key = p_key AND p."deletedAt" IS NULL AND p."publicChangelog"
   ORDER BY e."releaseDate" DESC, e.id DESC, e."createdAt", e.entry
   LIMIT 2000
$$;

REVOKE ALL ON FUNCTION public_changelog(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public_changelog(text, text) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION public_changelog(text, text) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

-- ---- Search

-- A release may have no description, so no text is an empty one.
CREATE OR REPLACE FUNCTION search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT translate(left(coalesce(value, ''), 100000), E'\x02\x03\x04', '')
$$;
CREATE OR REPLACE FUNCTION search_vector(title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT setweight(search_words(coalesce(title, '')), 'A') || setweight(search_words(left(coalesce(body, ''), 100000)), 'D')
$$;

DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT * FROM (VALUES ('Release', 'name', 'description')) AS v (name, title, body)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER search_added AFTER INSERT ON %1$I REFERENCING NEW TABLE AS added
         FOR EACH STATEMENT EXECUTE FUNCTION add_search_entries(%1$L, %2$L, %3$L)', found.name, found.title, found.body);
    EXECUTE format(
      'CREATE TRIGGER search_changed AFTER UPDATE OF id, "organizationId", "productId", "deletedAt", %2$I, %3$I ON %1$I
         FOR EACH ROW EXECUTE FUNCTION change_search_entry(%1$L, %2$L, %3$L)', found.name, found.title, found.body);
    EXECUTE format(
      'CREATE TRIGGER search_removed AFTER DELETE ON %1$I
         FOR EACH ROW EXECUTE FUNCTION change_search_entry(%1$L, %2$L, %3$L)', found.name, found.title, found.body);
    SET LOCAL ROLE prodmatic_system;
    EXECUTE format(
      'INSERT INTO "SearchEntry" ("organizationId", kind, id, "productId", title, body, tsv)
       SELECT "organizationId", %1$L, id, "productId", search_text(%2$I), search_text(%3$I), search_vector(%2$I, %3$I)
         FROM %1$I WHERE "deletedAt" IS NULL', found.name, found.title, found.body);
    RESET ROLE;
  END LOOP;
END
$$;
