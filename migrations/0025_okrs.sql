-- Objectives and key results: where a key result began and which way it is to go, progress that the database keeps, what was
-- said of each result and when, what an objective serves, and what it was carried over from.

CREATE TYPE "KeyResultDirection" AS ENUM ('INCREASE', 'DECREASE', 'MAINTAIN');

-- ---- Key results

-- A client of the published schema names none of these; its key results go up from 0.
ALTER TABLE "KeyResult"
  ADD COLUMN "startValue" double precision NOT NULL DEFAULT 0,
  ADD COLUMN direction "KeyResultDirection" NOT NULL DEFAULT 'INCREASE',
  -- The band to stay in, for what is to be maintained; its target is the middle then.
  ADD COLUMN "lowerBound" double precision,
  ADD COLUMN "upperBound" double precision,
  ADD CONSTRAINT "KeyResult_organizationId_id_key" UNIQUE ("organizationId", id),
  ADD CONSTRAINT key_result_start_finite CHECK (is_finite("startValue")),
  ADD CONSTRAINT key_result_band_finite CHECK (is_finite("lowerBound") AND is_finite("upperBound")),
  ADD CONSTRAINT key_result_band_order CHECK ("lowerBound" <= "upperBound"),
  ADD CONSTRAINT key_result_band_present
    CHECK (direction <> 'MAINTAIN' OR num_nulls("lowerBound", "upperBound") = 0);
CREATE INDEX "KeyResult_page_idx" ON "KeyResult" ("organizationId", "okrId", "createdAt", id);

-- ---- The organisation's objectives

-- The published schema has every OKR belong to a product, and a client of it reads "productId" as never null. So what a whole
-- organisation wants has a table of its own, which such a client does not see; its products' OKRs name it by a column that
-- such a client leaves empty. It has no key results: it is as far as the OKRs are that serve it.
CREATE TABLE "OrganizationObjective" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  description      text,
  "ownerId"        text NOT NULL,
  quarter          text NOT NULL,
  status           "OKRStatus" NOT NULL DEFAULT 'DRAFT',
  progress         double precision NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "OrganizationObjective_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "OrganizationObjective_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "OrganizationObjective_ownerId_fkey" FOREIGN KEY ("ownerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT organization_objective_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT organization_objective_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT organization_objective_quarter_shape CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
  CONSTRAINT organization_objective_progress_range CHECK (progress BETWEEN 0 AND 100)
);
CREATE INDEX "OrganizationObjective_page_idx" ON "OrganizationObjective" ("organizationId", quarter DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "OrganizationObjective_ownerId_idx" ON "OrganizationObjective" ("ownerId");

-- ---- Alignment and carrying over

ALTER TABLE "OKR"
  -- What it serves: another OKR of the organisation, or one of the organisation's own objectives.
  ADD COLUMN "parentId" text,
  ADD COLUMN "objectiveId" text,
  -- The OKR of an earlier quarter that it goes on with.
  ADD COLUMN "carriedFromId" text,
  ADD CONSTRAINT "OKR_parentId_fkey" FOREIGN KEY ("organizationId", "parentId")
    REFERENCES "OKR" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("parentId"),
  ADD CONSTRAINT "OKR_objectiveId_fkey" FOREIGN KEY ("organizationId", "objectiveId")
    REFERENCES "OrganizationObjective" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("objectiveId"),
  ADD CONSTRAINT "OKR_carriedFromId_fkey" FOREIGN KEY ("organizationId", "carriedFromId")
    REFERENCES "OKR" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("carriedFromId"),
  ADD CONSTRAINT okr_alignment_single CHECK (num_nonnulls("parentId", "objectiveId") <= 1),
  ADD CONSTRAINT okr_parent_other CHECK ("parentId" <> id);
CREATE INDEX "OKR_page_idx" ON "OKR" ("organizationId", "productId", quarter DESC, id DESC) WHERE "deletedAt" IS NULL;
CREATE INDEX "OKR_of_quarter_idx" ON "OKR" ("organizationId", quarter, id) WHERE "deletedAt" IS NULL;
CREATE INDEX "OKR_parentId_idx" ON "OKR" ("organizationId", "parentId") WHERE "parentId" IS NOT NULL;
CREATE INDEX "OKR_objectiveId_idx" ON "OKR" ("organizationId", "objectiveId") WHERE "objectiveId" IS NOT NULL;
CREATE INDEX "OKR_carriedFromId_idx" ON "OKR" ("organizationId", "carriedFromId") WHERE "carriedFromId" IS NOT NULL;

-- An OKR that served itself by way of others would have no place in the tree. Whoever aligns one waits for whoever does so in
-- the organisation already: else two could each close half a circle at the same moment.
CREATE FUNCTION refuse_okr_cycle() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  -- The table's own rules refuse these.
  IF NEW."parentId" IS NULL OR NEW."parentId" = NEW.id OR NEW."objectiveId" IS NOT NULL THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('OKR ' || NEW."organizationId", 0));
  IF EXISTS (
    WITH RECURSIVE above (id, "parentId") AS (
        SELECT o.id, o."parentId" FROM "OKR" o WHERE o."organizationId" = NEW."organizationId" AND o.id = NEW."parentId"
      UNION
        SELECT o.id, o."parentId" FROM above a JOIN "OKR" o ON o."organizationId" = NEW."organizationId" AND o.id = a."parentId"
    )
    SELECT FROM above WHERE id = NEW.id)
  THEN
    RAISE check_violation USING
      MESSAGE = 'an objective cannot be aligned with one that is aligned with it',
      SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'okr_alignment_cycle';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_okr_cycle BEFORE INSERT OR UPDATE OF id, "parentId" ON "OKR"
  FOR EACH ROW EXECUTE FUNCTION refuse_okr_cycle();

-- ---- Check-ins

CREATE TABLE "KeyResultCheckIn" (
  id               text PRIMARY KEY,
  "keyResultId"    text NOT NULL,
  value            double precision NOT NULL,
  note             text,
  -- That the target will be reached: from 0, it will not, to 10, it will.
  confidence       integer,
  "authorId"       text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KeyResultCheckIn_keyResultId_fkey" FOREIGN KEY ("organizationId", "keyResultId")
    REFERENCES "KeyResult" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "KeyResultCheckIn_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT key_result_check_in_value_finite CHECK (is_finite(value)),
  CONSTRAINT key_result_check_in_note_length CHECK (char_length(note) <= 5000),
  CONSTRAINT key_result_check_in_confidence_range CHECK (confidence BETWEEN 0 AND 10)
);
CREATE INDEX "KeyResultCheckIn_page_idx" ON "KeyResultCheckIn" ("organizationId", "keyResultId", "createdAt" DESC, id DESC);
CREATE INDEX "KeyResultCheckIn_authorId_idx" ON "KeyResultCheckIn" ("authorId");

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "KeyResultCheckIn" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('KeyResult', 'keyResultId');

-- The newest check-in says where its key result stands; one of an earlier day that comes in late does not.
CREATE FUNCTION take_check_in() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  UPDATE "KeyResult" k SET "currentValue" = NEW.value
   WHERE k."organizationId" = NEW."organizationId" AND k.id = NEW."keyResultId"
     AND NOT EXISTS (
       SELECT FROM "KeyResultCheckIn" later
        WHERE later."organizationId" = NEW."organizationId" AND later."keyResultId" = NEW."keyResultId"
          AND (later."createdAt", later.id) > (NEW."createdAt", NEW.id));
  RETURN NULL;
END
$$;
CREATE TRIGGER take_check_in AFTER INSERT ON "KeyResultCheckIn"
  FOR EACH ROW EXECUTE FUNCTION take_check_in();

-- ---- Progress

-- Which share of the way was gone, in percent. Nothing here is divided by zero, overflows or underflows, which Postgres would
-- refuse: the caller has kept the way between -2e150 and 2e150, and the part is less than the whole.
CREATE FUNCTION share_of_way(part double precision, whole double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE WHEN part <= 0 OR part < '1e-150'::double precision THEN 0 ELSE part / whole * 100 END
$$;

-- How far a key result is, from 0 to 100; the same is `progress` in the program's model. Up or down it is the share of the way
-- from the start to the target. Within its band what is to be maintained is at 100, and loses from there on what it is outside
-- by, measured by the band's width; of a band without width it is at 0 outside. A target that the start has passed already is
-- reached or it is not.
CREATE FUNCTION key_result_progress(
  direction "KeyResultDirection", start_value double precision, target_value double precision, current_value double precision,
  lower_bound double precision, upper_bound double precision
) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
  highest CONSTANT double precision := 1e150;
  start   CONSTANT double precision := greatest(-highest, least(highest, start_value));
  target  CONSTANT double precision := greatest(-highest, least(highest, target_value));
  value   CONSTANT double precision := greatest(-highest, least(highest, current_value));
  lower   CONSTANT double precision := greatest(-highest, least(highest, lower_bound));
  upper   CONSTANT double precision := greatest(-highest, least(highest, upper_bound));
BEGIN
  IF direction = 'INCREASE' THEN
    RETURN CASE WHEN value >= target THEN 100 ELSE share_of_way(value - start, target - start) END;
  ELSIF direction = 'DECREASE' THEN
    RETURN CASE WHEN value <= target THEN 100 ELSE share_of_way(start - value, start - target) END;
  ELSIF value >= lower AND value <= upper THEN
    RETURN 100;
  END IF;
  RETURN CASE WHEN greatest(lower - value, value - upper) >= upper - lower THEN 0
              ELSE 100 - share_of_way(greatest(lower - value, value - upper), upper - lower) END;
END
$$;

-- The mean of an OKR's key results; NULL without any.
CREATE FUNCTION okr_progress(tenant text, okr text) RETURNS double precision
LANGUAGE sql STABLE
AS $$
  SELECT avg(key_result_progress(k.direction, k."startValue", k."targetValue", k."currentValue", k."lowerBound", k."upperBound")
             ORDER BY k.id)
    FROM "KeyResult" k WHERE k."organizationId" = tenant AND k."okrId" = okr
$$;

-- Keeps an OKR's progress by its key results, whichever client writes them. Its row is taken first, and the key results are read
-- by a statement of its own: of two that change at one time the second then sees the first.
CREATE FUNCTION keep_okr_progress() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  touched record;
BEGIN
  FOR touched IN
    SELECT DISTINCT ids.tenant, ids.okr
      FROM (VALUES (CASE WHEN TG_OP <> 'INSERT' THEN OLD."organizationId" END, CASE WHEN TG_OP <> 'INSERT' THEN OLD."okrId" END),
                   (CASE WHEN TG_OP <> 'DELETE' THEN NEW."organizationId" END, CASE WHEN TG_OP <> 'DELETE' THEN NEW."okrId" END))
           AS ids (tenant, okr)
     WHERE ids.okr IS NOT NULL ORDER BY ids.okr
  LOOP
    PERFORM FROM "OKR" o WHERE o."organizationId" = touched.tenant AND o.id = touched.okr FOR NO KEY UPDATE;
    UPDATE "OKR" o SET progress = coalesce(okr_progress(touched.tenant, touched.okr), 0)
     WHERE o."organizationId" = touched.tenant AND o.id = touched.okr
       AND o.progress IS DISTINCT FROM coalesce(okr_progress(touched.tenant, touched.okr), 0);
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_okr_progress AFTER INSERT OR DELETE OR UPDATE ON "KeyResult"
  FOR EACH ROW EXECUTE FUNCTION keep_okr_progress();

-- A client that writes progress by hand is put right where there are key results; without any it may say what it likes. A value
-- out of range is let through here, to be refused by its own CHECK.
CREATE FUNCTION correct_okr_progress() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NEW.progress BETWEEN 0 AND 100 THEN
    NEW.progress := coalesce(okr_progress(NEW."organizationId", NEW.id), NEW.progress);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER correct_okr_progress BEFORE UPDATE OF progress ON "OKR" FOR EACH ROW
  WHEN (OLD.progress IS DISTINCT FROM NEW.progress) EXECUTE FUNCTION correct_okr_progress();

-- An organisation's objective is as far as the OKRs that serve it, on the mean; cancelled and deleted ones do not count.
CREATE FUNCTION keep_objective_progress() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  touched record;
BEGIN
  FOR touched IN
    SELECT DISTINCT ids.tenant, ids.objective
      FROM (VALUES (CASE WHEN TG_OP <> 'INSERT' THEN OLD."organizationId" END, CASE WHEN TG_OP <> 'INSERT' THEN OLD."objectiveId" END),
                   (CASE WHEN TG_OP <> 'DELETE' THEN NEW."organizationId" END, CASE WHEN TG_OP <> 'DELETE' THEN NEW."objectiveId" END))
           AS ids (tenant, objective)
     WHERE ids.objective IS NOT NULL ORDER BY ids.objective
  LOOP
    PERFORM FROM "OrganizationObjective" x WHERE x."organizationId" = touched.tenant AND x.id = touched.objective FOR NO KEY UPDATE;
    UPDATE "OrganizationObjective" x SET progress = served.progress
      FROM (SELECT coalesce(avg(o.progress ORDER BY o.id), 0) AS progress FROM "OKR" o
             WHERE o."organizationId" = touched.tenant AND o."objectiveId" = touched.objective
               AND o."deletedAt" IS NULL AND o.status <> 'CANCELLED') served
     WHERE x."organizationId" = touched.tenant AND x.id = touched.objective AND x.progress IS DISTINCT FROM served.progress;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_objective_progress AFTER INSERT OR DELETE OR UPDATE OF "objectiveId", status, progress, "deletedAt" ON "OKR"
  FOR EACH ROW EXECUTE FUNCTION keep_objective_progress();

-- The OKRs that are there already, under the role that sees every tenant.
SET LOCAL ROLE prodmatic_system;
UPDATE "OKR" o SET progress = okr_progress(o."organizationId", o.id)
 WHERE EXISTS (SELECT FROM "KeyResult" k WHERE k."organizationId" = o."organizationId" AND k."okrId" = o.id);
RESET ROLE;

-- ---- Walls, log and search

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('OrganizationObjective', 'organization_objective'),
      ('KeyResultCheckIn',      'check_in')
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
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      made.name, made.word);
  END LOOP;
END
$$;
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON "OrganizationObjective" FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();

SELECT make_searchable('OKR', 'title', 'description');
