-- Feedback reaches ideas, and ideas follow the features that they became.

-- An item belongs to one idea at most, so that the number of an idea's items is the number of those
-- who asked for it, and nobody is counted twice.
ALTER TABLE "Feedback" ADD CONSTRAINT "Feedback_organizationId_id_key" UNIQUE ("organizationId", id);

CREATE TABLE "IdeaFeedback" (
  "feedbackId"     text NOT NULL,
  "ideaId"         text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "IdeaFeedback_pkey" PRIMARY KEY ("organizationId", "feedbackId"),
  CONSTRAINT "IdeaFeedback_feedbackId_fkey" FOREIGN KEY ("organizationId", "feedbackId")
    REFERENCES "Feedback" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "IdeaFeedback_ideaId_fkey" FOREIGN KEY ("organizationId", "ideaId")
    REFERENCES "Idea" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "IdeaFeedback_ideaId_idx" ON "IdeaFeedback" ("organizationId", "ideaId");

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "IdeaFeedback" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('Feedback', 'feedbackId');

ALTER TABLE "IdeaFeedback" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "IdeaFeedback"
  USING ("organizationId" = current_setting('app.organization_id', true))
  WITH CHECK ("organizationId" = current_setting('app.organization_id', true));
CREATE POLICY system ON "IdeaFeedback" TO prodmatic_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "IdeaFeedback" TO prodmatic_app, prodmatic_system;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "IdeaFeedback" FOR EACH ROW
  EXECUTE FUNCTION audit_row('idea', 'Idea', 'ideaId', 'feedback', 'feedbackId');

-- How many features an idea became that are there and not cancelled.
CREATE FUNCTION live_features(idea_id text) RETURNS bigint
LANGUAGE sql STABLE
AS $$
  SELECT count(*) FROM "_IdeaToFeature" link JOIN "Feature" f ON f.id = link."A"
   WHERE link."B" = idea_id AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED'
$$;

-- Work that has begun on an idea goes on in its features: the idea is implemented once all of them
-- are done, and no longer so when one of them is taken up again or another is added. Features that
-- are cancelled or in the bin do not count; an idea that has no others stays where it is. So does
-- one on which work has not begun, whatever is linked to it.
CREATE FUNCTION follow_features(idea_ids text[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  -- Two transactions may each finish one of the last two features. The second waits here for the
  -- first, and its next statement sees what the first has done. In one order, so that they cannot
  -- wait for each other.
  PERFORM FROM "Idea" i WHERE i.id = ANY (idea_ids) ORDER BY i.id FOR NO KEY UPDATE;
  UPDATE "Idea" i SET status = work.status
    FROM (
      SELECT link."B" AS id,
             (CASE WHEN bool_and(f.status = 'DONE') THEN 'IMPLEMENTED' ELSE 'IN_DEVELOPMENT' END)::"IdeaStatus" AS status
        FROM "_IdeaToFeature" link JOIN "Feature" f ON f.id = link."A"
       WHERE link."B" = ANY (idea_ids) AND f."deletedAt" IS NULL AND f.status <> 'CANCELLED'
       GROUP BY link."B"
    ) work
   WHERE i.id = work.id AND i.status IN ('IN_DEVELOPMENT', 'IMPLEMENTED') AND i.status <> work.status;
END
$$;

CREATE FUNCTION follow_changed_features() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  idea_ids CONSTANT text[] := ARRAY(
    SELECT DISTINCT link."B"
      FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN "_IdeaToFeature" link ON link."A" = n.id
     WHERE n.status <> o.status OR (n."deletedAt" IS NULL) <> (o."deletedAt" IS NULL));
BEGIN
  IF cardinality(idea_ids) > 0 THEN
    PERFORM follow_features(idea_ids);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION follow_changed_links() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  idea_ids CONSTANT text[] := ARRAY(SELECT DISTINCT changed."B" FROM changed);
BEGIN
  IF cardinality(idea_ids) > 0 THEN
    PERFORM follow_features(idea_ids);
  END IF;
  RETURN NULL;
END
$$;

-- For a whole statement at a time: a change of a thousand features costs as many statements as of one.
CREATE TRIGGER ideas_follow AFTER UPDATE ON "Feature"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION follow_changed_features();
CREATE TRIGGER ideas_follow_added AFTER INSERT ON "_IdeaToFeature"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_changed_links();
CREATE TRIGGER ideas_follow_removed AFTER DELETE ON "_IdeaToFeature"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_changed_links();
