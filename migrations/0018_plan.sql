-- Who builds a feature and when, and which features wait for which.

ALTER TABLE "Feature"
  ADD COLUMN "assigneeId" text,
  ADD COLUMN "startDate" timestamptz(3),
  ADD COLUMN "dueDate" timestamptz(3),
  ADD CONSTRAINT "Feature_assigneeId_fkey" FOREIGN KEY ("assigneeId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT feature_dates_order CHECK ("dueDate" >= "startDate"),
  -- So that what joins two features can say that they are of one product.
  ADD CONSTRAINT "Feature_organizationId_productId_id_key" UNIQUE ("organizationId", "productId", id);
CREATE INDEX "Feature_assigneeId_idx" ON "Feature" ("assigneeId");
-- An epic's features, in the order in which its page shows them.
CREATE INDEX "Feature_epic_page_idx" ON "Feature" ("organizationId", "epicId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;

-- ---- Dependencies: one feature has to be done before the other

CREATE TABLE "FeatureDependency" (
  "blockerId"      text NOT NULL,
  "blockedId"      text NOT NULL,
  "productId"      text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "FeatureDependency_pkey" PRIMARY KEY ("organizationId", "blockedId", "blockerId"),
  CONSTRAINT "FeatureDependency_blockerId_fkey" FOREIGN KEY ("organizationId", "productId", "blockerId")
    REFERENCES "Feature" ("organizationId", "productId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "FeatureDependency_blockedId_fkey" FOREIGN KEY ("organizationId", "productId", "blockedId")
    REFERENCES "Feature" ("organizationId", "productId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT feature_dependency_other CHECK ("blockerId" <> "blockedId")
);
CREATE INDEX "FeatureDependency_blockerId_idx" ON "FeatureDependency" ("organizationId", "blockerId");

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "FeatureDependency" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('Feature', 'blockedId');

ALTER TABLE "FeatureDependency" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "FeatureDependency"
  USING ("organizationId" = current_setting('app.organization_id', true))
  WITH CHECK ("organizationId" = current_setting('app.organization_id', true));
CREATE POLICY system ON "FeatureDependency" TO prodmatic_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "FeatureDependency" TO prodmatic_app, prodmatic_system;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "FeatureDependency" FOR EACH ROW
  EXECUTE FUNCTION audit_row('feature', 'Feature', 'blockedId', 'blocker', 'blockerId');

-- Features' titles with arrows between them, in this order. Of a long way the middle is left out.
CREATE FUNCTION feature_path(ids text[]) RETURNS text
LANGUAGE sql STABLE
AS $$
  SELECT string_agg(CASE WHEN place = 7 AND long THEN '…' ELSE title END, ' → ' ORDER BY place)
    FROM (SELECT named.place, cardinality(ids) > 14 AS long,
                 coalesce(f.title, '?') || CASE WHEN f."deletedAt" IS NULL THEN '' ELSE ' (deleted)' END AS title
            FROM unnest(ids) WITH ORDINALITY AS named (id, place) LEFT JOIN "Feature" f ON f.id = named.id) steps
   WHERE NOT long OR place <= 7 OR place > cardinality(ids) - 6
$$;

-- Fills in the product, and refuses a dependency that closes a circle, with the way round as the message. Whoever adds one to a
-- product waits for whoever does so already, whose dependencies are there to be seen afterwards: else two could each
-- close half a circle at the same moment. Dependencies of deleted features count, since those can be restored.
CREATE FUNCTION refuse_dependency_cycle() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  tenant CONSTANT text := coalesce(nullif(current_setting('app.organization_id', true), ''), NEW."organizationId");
  -- By feature, one that it waits for.
  way    jsonb;
  step   text := NEW."blockerId";
  path   text[] := ARRAY[NEW."blockerId"];
BEGIN
  IF NEW."productId" IS NULL THEN
    SELECT f."productId" INTO NEW."productId" FROM "Feature" f WHERE f."organizationId" = NEW."organizationId" AND f.id = NEW."blockedId";
    IF NOT FOUND AND tenant = NEW."organizationId" THEN
      RAISE foreign_key_violation USING
        MESSAGE = 'insert on table "FeatureDependency" names a "Feature" that does not exist',
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'FeatureDependency_blockedId_fkey';
    END IF;
  END IF;
  -- The table's own rules refuse these.
  IF NEW."productId" IS NULL OR NEW."blockerId" = NEW."blockedId" THEN
    RETURN NEW;
  END IF;
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE feature_not_supported USING
      MESSAGE = 'dependencies cannot be written in a repeatable read transaction, which does not see what others have added';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('FeatureDependency ' || NEW."productId", 0));
  WITH RECURSIVE reached (id, via) AS (
      SELECT NEW."blockedId", NULL::text
    UNION
      SELECT d."blockedId", r.id
        FROM reached r
        JOIN "FeatureDependency" d ON d."organizationId" = NEW."organizationId" AND d."blockerId" = r.id
       WHERE TG_OP = 'INSERT' OR (d."blockerId", d."blockedId") <> (OLD."blockerId", OLD."blockedId")
  )
  SELECT jsonb_object_agg(id, via) FILTER (WHERE via IS NOT NULL) INTO way FROM reached HAVING bool_or(id = NEW."blockerId");
  IF way IS NULL THEN
    RETURN NEW;
  END IF;
  WHILE step <> NEW."blockedId" LOOP
    step := way ->> step;
    path := step || path;
  END LOOP;
  RAISE check_violation USING
    MESSAGE = 'This would go round in a circle: ' || feature_path(NEW."blockerId" || path) || '.',
    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'feature_dependency_cycle';
END
$$;

CREATE TRIGGER refuse_dependency_cycle BEFORE INSERT OR UPDATE OF "blockerId", "blockedId", "productId" ON "FeatureDependency"
  FOR EACH ROW EXECUTE FUNCTION refuse_dependency_cycle();

-- ---- Epics can be found: the lines of the search's migration, once more

DO $$
DECLARE
  found record;
BEGIN
  FOR found IN SELECT * FROM (VALUES ('Epic', 'title', 'description')) AS v (name, title, body)
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
