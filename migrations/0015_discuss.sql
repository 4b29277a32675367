-- What people say of ideas, and what is done to many ideas at once: votes, comments and mentions,
-- bulk edits that can be undone, saved views, and the merging of duplicates.

-- The tenant leads each unique key: a refusal must not tell what a neighbour has.

-- How many votes an idea has, so that a list can be ranked by it as by any other column; and the idea
-- that took this one in.
ALTER TABLE "Idea"
  ADD COLUMN votes integer NOT NULL DEFAULT 0,
  ADD COLUMN "mergedIntoId" text,
  ADD CONSTRAINT "Idea_mergedIntoId_fkey" FOREIGN KEY ("organizationId", "mergedIntoId")
    REFERENCES "Idea" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("mergedIntoId"),
  ADD CONSTRAINT idea_merged_elsewhere CHECK ("mergedIntoId" <> id),
  ADD CONSTRAINT idea_votes_counted CHECK (votes >= 0);
CREATE INDEX "Idea_mergedIntoId_idx" ON "Idea" ("organizationId", "mergedIntoId") WHERE "mergedIntoId" IS NOT NULL;
CREATE INDEX "Idea_page_votes_idx" ON "Idea" ("organizationId", "productId", votes DESC, id DESC)
  WHERE "deletedAt" IS NULL;

CREATE TABLE "IdeaVote" (
  id               text PRIMARY KEY,
  "ideaId"         text NOT NULL,
  "userId"         text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "IdeaVote_organizationId_ideaId_userId_key" UNIQUE ("organizationId", "ideaId", "userId"),
  CONSTRAINT "IdeaVote_ideaId_fkey" FOREIGN KEY ("organizationId", "ideaId")
    REFERENCES "Idea" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "IdeaVote_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "IdeaVote_userId_idx" ON "IdeaVote" ("userId");

-- What was said outlives whoever said it. The text is plain.
CREATE TABLE "IdeaComment" (
  id               text PRIMARY KEY,
  "ideaId"         text NOT NULL,
  "authorId"       text,
  body             text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "editedAt"       timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "IdeaComment_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "IdeaComment_ideaId_fkey" FOREIGN KEY ("organizationId", "ideaId")
    REFERENCES "Idea" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "IdeaComment_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT idea_comment_body_length CHECK (body ~ '\S' AND char_length(body) <= 5000)
);
CREATE INDEX "IdeaComment_page_idx" ON "IdeaComment" ("organizationId", "ideaId", "createdAt", id);
CREATE INDEX "IdeaComment_authorId_idx" ON "IdeaComment" ("authorId");

-- Whom a comment names. A row is also what says that this person has been told, so that changing the
-- comment does not tell them again.
CREATE TABLE "CommentMention" (
  id               text PRIMARY KEY,
  "commentId"      text NOT NULL,
  "userId"         text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "CommentMention_organizationId_commentId_userId_key" UNIQUE ("organizationId", "commentId", "userId"),
  CONSTRAINT "CommentMention_commentId_fkey" FOREIGN KEY ("organizationId", "commentId")
    REFERENCES "IdeaComment" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "CommentMention_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "CommentMention_userId_idx" ON "CommentMention" ("userId");

-- What ideas were before many were changed at once, for an hour. Each element of "rows" holds the id,
-- the former values, and "at", the row's "updatedAt" after the change: a row that has moved on since
-- is left alone. "summary" is what the person is told.
CREATE TABLE "BulkEdit" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  "authorId"       text NOT NULL,
  summary          text NOT NULL,
  rows             jsonb NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "undoneAt"       timestamptz(3),
  restored         integer,
  "organizationId" text NOT NULL,
  CONSTRAINT "BulkEdit_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "BulkEdit_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT bulk_edit_rows_limit CHECK (jsonb_typeof(rows) = 'array' AND jsonb_array_length(rows) BETWEEN 1 AND 1000)
);
CREATE INDEX "BulkEdit_organizationId_createdAt_idx" ON "BulkEdit" ("organizationId", "createdAt");
CREATE INDEX "BulkEdit_productId_idx" ON "BulkEdit" ("organizationId", "productId");
CREATE INDEX "BulkEdit_authorId_idx" ON "BulkEdit" ("authorId");

-- A list of ideas as somebody wants to see it again: its address behind the path.
CREATE TABLE "SavedView" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  "authorId"       text NOT NULL,
  name             text NOT NULL,
  query            text NOT NULL,
  shared           boolean NOT NULL DEFAULT false,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "SavedView_name_key" UNIQUE ("organizationId", "productId", "authorId", name),
  CONSTRAINT "SavedView_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "SavedView_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT saved_view_name_length CHECK (name ~ '\S' AND char_length(name) <= 60),
  CONSTRAINT saved_view_query_shape CHECK (char_length(query) <= 2000 AND query ~ '^(\?[A-Za-z0-9=&%._~-]+)?$')
);
CREATE INDEX "SavedView_page_idx" ON "SavedView" ("organizationId", "productId", name, id);
CREATE INDEX "SavedView_authorId_idx" ON "SavedView" ("authorId");

-- ---- The tenant, row security, the log

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('IdeaVote',       'Idea',        'ideaId',    'vote'),
      ('IdeaComment',    'Idea',        'ideaId',    'comment'),
      ('CommentMention', 'IdeaComment', 'commentId', 'mention'),
      ('BulkEdit',       'Product',     'productId', 'bulk_edit'),
      ('SavedView',      'Product',     'productId', 'saved_view')
    ) AS v (name, parent, fk, word)
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
    EXECUTE format(
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      made.name, made.word);
  END LOOP;
END
$$;

-- A vote is not a change of the idea: it neither makes the idea look freshly edited nor fills its
-- history, since the vote has a row of its own.
DROP TRIGGER touch_updated_at ON "Idea";
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON "Idea" FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.* AND OLD.votes = NEW.votes) EXECUTE FUNCTION touch_updated_at();

DROP TRIGGER audit ON "Idea";
CREATE TRIGGER audit AFTER INSERT OR DELETE ON "Idea" FOR EACH ROW EXECUTE FUNCTION audit_row('idea');
CREATE TRIGGER audit_update AFTER UPDATE ON "Idea" FOR EACH ROW
  WHEN (OLD.votes = NEW.votes) EXECUTE FUNCTION audit_row('idea');

-- ---- Votes

-- Keeps "Idea".votes by what each statement added and took away, whoever wrote it: with the system
-- role's rights, since the votes of a person who is removed go without any tenant being chosen.
CREATE FUNCTION count_votes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE "Idea" i SET votes = i.votes + n.votes
      FROM (SELECT "ideaId", count(*)::integer AS votes FROM added GROUP BY 1) n WHERE i.id = n."ideaId";
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE "Idea" i SET votes = i.votes - n.votes
      FROM (SELECT "ideaId", count(*)::integer AS votes FROM removed GROUP BY 1) n WHERE i.id = n."ideaId";
  ELSE
    UPDATE "Idea" i SET votes = i.votes + n.votes
      FROM (SELECT "ideaId", sum(change)::integer AS votes
              FROM (SELECT "ideaId", 1 AS change FROM added UNION ALL SELECT "ideaId", -1 FROM removed) moved
             GROUP BY 1) n
     WHERE i.id = n."ideaId" AND n.votes <> 0;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER count_added AFTER INSERT ON "IdeaVote" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
CREATE TRIGGER count_removed AFTER DELETE ON "IdeaVote" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
CREATE TRIGGER count_moved AFTER UPDATE ON "IdeaVote" REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_votes();

REVOKE ALL ON FUNCTION count_votes() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION count_votes() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

-- ---- Duplicates

-- Moves all that hangs on one idea to another and puts the first in the bin, pointing there. Runs with
-- the caller's rights, who has to have locked both.
CREATE FUNCTION merge_idea(p_from text, p_into text) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
  UPDATE "IdeaVote" SET "ideaId" = p_into
   WHERE "ideaId" = p_from AND "userId" NOT IN (SELECT "userId" FROM "IdeaVote" WHERE "ideaId" = p_into);
  DELETE FROM "IdeaVote" WHERE "ideaId" = p_from;
  UPDATE "IdeaComment" SET "ideaId" = p_into WHERE "ideaId" = p_from;
  INSERT INTO "_IdeaToFeature" ("A", "B", "organizationId")
  SELECT "A", p_into, "organizationId" FROM "_IdeaToFeature" WHERE "B" = p_from ON CONFLICT DO NOTHING;
  DELETE FROM "_IdeaToFeature" WHERE "B" = p_from;
  UPDATE "IdeaFeedback" SET "ideaId" = p_into WHERE "ideaId" = p_from;
  -- Work that has begun on the one has begun on the other, which follows the features from now on.
  UPDATE "Idea" i SET status = 'IN_DEVELOPMENT' FROM "Idea" other
   WHERE i.id = p_into AND other.id = p_from AND i.status IN ('SUBMITTED', 'UNDER_REVIEW', 'APPROVED')
     AND other.status IN ('IN_DEVELOPMENT', 'IMPLEMENTED') AND EXISTS (SELECT FROM "_IdeaToFeature" WHERE "B" = p_into);
  PERFORM follow_features(ARRAY[p_into]);
  -- What was merged into this one before leads on as well.
  UPDATE "Idea" SET "mergedIntoId" = p_into WHERE "mergedIntoId" = p_from AND id <> p_into;
  UPDATE "Idea" SET "mergedIntoId" = p_into, "deletedAt" = now() WHERE id = p_from;
END
$$;
