-- What a row keeps true about itself, whichever client writes it.

-- A Prisma client does not know "organizationId" on most tables, so it is taken from the parent.
-- The parent is read with the caller's rights: another tenant's parent is not seen, and is reported
-- as the missing reference that it is for this caller.
CREATE FUNCTION fill_organization_id() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  parent_table  CONSTANT text := TG_ARGV[0];
  parent_column CONSTANT text := TG_ARGV[1];
  parent_id     text;
BEGIN
  EXECUTE format(
    'SELECT ($1).%1$I, (SELECT parent."organizationId" FROM %2$I.%3$I parent WHERE parent.id = ($1).%1$I)',
    parent_column, TG_TABLE_SCHEMA, parent_table)
    INTO parent_id, NEW."organizationId" USING NEW;
  IF NEW."organizationId" IS NULL AND parent_id IS NOT NULL THEN
    RAISE foreign_key_violation USING
      MESSAGE = format('insert on table "%s" names a "%s" that does not exist', TG_TABLE_NAME, parent_table),
      SCHEMA = TG_TABLE_SCHEMA,
      TABLE = TG_TABLE_NAME,
      CONSTRAINT = TG_TABLE_NAME || '_' || parent_column || '_fkey';
  END IF;
  RETURN NEW;
END
$$;

DO $$
DECLARE
  child record;
BEGIN
  FOR child IN
    SELECT * FROM (VALUES
      ('Idea',                'Product', 'productId'),
      ('Feature',             'Product', 'productId'),
      ('Epic',                'Product', 'productId'),
      ('Release',             'Product', 'productId'),
      ('OKR',                 'Product', 'productId'),
      ('KPI',                 'Product', 'productId'),
      ('Experiment',          'Product', 'productId'),
      ('Feedback',            'Product', 'productId'),
      ('Task',                'Product', 'productId'),
      ('Document',            'Product', 'productId'),
      ('KeyResult',           'OKR',     'okrId'),
      ('KPIDataPoint',        'KPI',     'kpiId'),
      ('Changelog',           'Release', 'releaseId'),
      ('LaunchChecklistItem', 'Release', 'releaseId'),
      ('WebhookDelivery',     'Webhook', 'webhookId'),
      ('_IdeaToFeature',      'Feature', 'A'),
      ('_FeatureToRelease',   'Feature', 'A'),
      ('_ProductToTeam',      'Product', 'A')
    ) AS v (name, parent, fk)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
      'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(%L, %L)',
      child.name, child.parent, child.fk);
  END LOOP;
END
$$;

-- The database's clock is the only one that all writers share, so a client's own "updatedAt" does
-- not count; and a write that changes nothing does not make a row look freshly edited.
CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW."updatedAt" := now();
  RETURN NEW;
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'Organization', 'Product', 'Team', 'User', 'Membership', 'Invitation', 'Idea', 'Feature', 'Epic',
    'Release', 'Changelog', 'LaunchChecklistItem', 'Task', 'Document', 'OKR', 'KeyResult', 'KPI',
    'Experiment', 'Feedback', 'Webhook']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %I FOR EACH ROW '
      'WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()', name);
  END LOOP;
END
$$;

-- Scores follow their inputs, so no client can leave one stale. With an input missing the given
-- score stays, which keeps imported scores. None is ever NULL: a NULL would drop out of a page whose
-- start is found by comparing with the last row of the page before.
-- The arithmetic is in double precision, and effort 0 is let through here, so that a value out of
-- range is refused by its own named CHECK and not by an overflow or a division by zero.
CREATE FUNCTION keep_idea_scores() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  reach      CONSTANT double precision := NEW.reach;
  impact     CONSTANT double precision := NEW.impact;
  confidence CONSTANT double precision := NEW.confidence;
  effort     CONSTANT double precision := NEW.effort;
  value      CONSTANT double precision :=
    NEW."businessValue"::double precision + NEW."timeCriticality" + NEW."riskReduction";
  job_size   CONSTANT double precision := NEW."jobSize";
BEGIN
  NEW."riceScore" := coalesce(
    CASE WHEN effort = 0 THEN 0 * reach * impact * confidence
         ELSE reach * impact * confidence / effort END,
    NEW."riceScore", 0);
  NEW."iceScore" := coalesce(impact * confidence * (10 - effort + 1), NEW."iceScore", 0);
  NEW."wsjfScore" := coalesce(
    CASE WHEN job_size = 0 THEN 0 * value ELSE value / job_size END,
    NEW."wsjfScore", 0);
  NEW.priority := coalesce(NEW.priority, 0);
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_idea_scores BEFORE INSERT OR UPDATE ON "Idea"
  FOR EACH ROW EXECUTE FUNCTION keep_idea_scores();
