-- Tasks: when they were done, the lists that are read of them, what is said of them and of features, and
-- the search.

-- When a task was done; kept by a trigger, whichever client writes. It is empty while there is work to do.
ALTER TABLE "Task"
  ADD COLUMN "completedAt" timestamptz(3),
  ADD CONSTRAINT "Task_organizationId_id_key" UNIQUE ("organizationId", id);

-- Those that are done already: the last change is the best that is known. Rewriting the column asks
-- neither row security nor triggers, so no task looks freshly changed.
ALTER TABLE "Task"
  ALTER COLUMN "completedAt" TYPE timestamptz(3) USING CASE WHEN status = 'DONE' THEN "updatedAt" END;

CREATE FUNCTION keep_completed_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW."completedAt" := CASE WHEN NEW.status = 'DONE' THEN now() END;
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_completed_at BEFORE INSERT OR UPDATE ON "Task"
  FOR EACH ROW WHEN ((NEW.status = 'DONE') <> (NEW."completedAt" IS NOT NULL))
  EXECUTE FUNCTION keep_completed_at();

-- Under row security an enum cannot start an index scan, but an index may give its order, and its rows may
-- be chosen beforehand.
CREATE INDEX "Task_page_due_idx" ON "Task" ("organizationId", "productId", "dueDate", id)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Task_page_priority_idx" ON "Task" ("organizationId", "productId", priority, id DESC)
  WHERE "deletedAt" IS NULL;
-- What somebody has to do.
CREATE INDEX "Task_open_idx" ON "Task" ("organizationId", "assigneeId", "dueDate", id)
  WHERE "deletedAt" IS NULL AND status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW');

-- ---- What is said of features and tasks, as of ideas: see 0015_discuss.sql

DO $$
DECLARE
  made record;
  log  record;
BEGIN
  FOR made IN
    SELECT thing || 'Comment' AS comments, thing || 'CommentMention' AS mentions, thing, word, word || 'Id' AS fk
      FROM (VALUES ('Feature', 'feature'), ('Task', 'task')) AS v (thing, word)
  LOOP
    EXECUTE format(
      'CREATE TABLE %1$I (
         id               text PRIMARY KEY,
         %2$I             text NOT NULL,
         "authorId"       text,
         body             text NOT NULL,
         "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
         "editedAt"       timestamptz(3),
         "organizationId" text NOT NULL,
         CONSTRAINT %3$I UNIQUE ("organizationId", id),
         CONSTRAINT %4$I FOREIGN KEY ("organizationId", %2$I)
           REFERENCES %5$I ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
         CONSTRAINT %6$I FOREIGN KEY ("authorId")
           REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
         CONSTRAINT %7$I CHECK (body ~ ''\S'' AND char_length(body) <= 5000)
       )',
      made.comments, made.fk, made.comments || '_organizationId_id_key', made.comments || '_' || made.fk || '_fkey', made.thing,
      made.comments || '_authorId_fkey', made.word || '_comment_body_length');
    EXECUTE format('CREATE INDEX %I ON %I ("organizationId", %I, "createdAt", id)', made.comments || '_page_idx', made.comments, made.fk);
    EXECUTE format('CREATE INDEX %I ON %I ("authorId")', made.comments || '_authorId_idx', made.comments);
    EXECUTE format(
      'CREATE TABLE %1$I (
         id               text PRIMARY KEY,
         "commentId"      text NOT NULL,
         "userId"         text NOT NULL,
         "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
         "organizationId" text NOT NULL,
         CONSTRAINT %2$I UNIQUE ("organizationId", "commentId", "userId"),
         CONSTRAINT %3$I FOREIGN KEY ("organizationId", "commentId")
           REFERENCES %4$I ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
         CONSTRAINT %5$I FOREIGN KEY ("userId")
           REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
       )',
      made.mentions, made.mentions || '_organizationId_commentId_userId_key', made.mentions || '_commentId_fkey', made.comments,
      made.mentions || '_userId_fkey');
    EXECUTE format('CREATE INDEX %I ON %I ("userId")', made.mentions || '_userId_idx', made.mentions);

    FOR log IN
      SELECT * FROM (VALUES
        (made.comments, made.thing,    made.fk,     made.word || '_comment'),
        (made.mentions, made.comments, 'commentId', 'mention')
      ) AS v (name, parent, fk, word)
    LOOP
      EXECUTE format(
        'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
        'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(%L, %L)',
        log.name, log.parent, log.fk);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', log.name);
      EXECUTE format(
        'CREATE POLICY tenant ON %I '
        'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
        'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', log.name);
      EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', log.name);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', log.name);
      EXECUTE format(
        'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
        log.name, log.word);
    END LOOP;
  END LOOP;
END
$$;

-- ---- Search: a task need not have a description, which the entries' texts have to bear

CREATE OR REPLACE FUNCTION search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT coalesce(translate(left(value, 100000), E'\x02\x03\x04', ''), '')
$$;

CREATE OR REPLACE FUNCTION search_vector(title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT setweight(search_words(title), 'A') || setweight(search_words(left(coalesce(body, ''), 100000)), 'D')
$$;

DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT * FROM (VALUES ('Task', 'title', 'description')) AS v (name, title, body)
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
