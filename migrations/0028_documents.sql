-- Documents: every version is kept, drafts survive a crash, comments hang on passages, and a review has its record.

ALTER TABLE "Document"
  ADD COLUMN "reviewerId" text,
  ADD CONSTRAINT "Document_organizationId_id_key" UNIQUE ("organizationId", id),
  ADD CONSTRAINT "Document_reviewerId_fkey" FOREIGN KEY ("reviewerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL;
CREATE INDEX "Document_reviewerId_idx" ON "Document" ("reviewerId");
-- The pages of the lists: what was changed last comes first.
CREATE INDEX "Document_changed_idx" ON "Document" ("organizationId", "updatedAt" DESC, id DESC) WHERE "deletedAt" IS NULL;
CREATE INDEX "Document_product_changed_idx" ON "Document" ("organizationId", "productId", "updatedAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;

-- ---- Versions

CREATE TABLE "DocumentVersion" (
  id               text PRIMARY KEY,
  "documentId"     text NOT NULL,
  number           integer NOT NULL,
  title            text NOT NULL,
  content          text NOT NULL,
  "authorId"       text,
  note             text NOT NULL DEFAULT '',
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "DocumentVersion_documentId_number_key" UNIQUE ("organizationId", "documentId", number),
  CONSTRAINT "DocumentVersion_documentId_fkey" FOREIGN KEY ("organizationId", "documentId")
    REFERENCES "Document" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentVersion_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT document_version_note_length CHECK (char_length(note) <= 200),
  CONSTRAINT document_version_number_positive CHECK (number >= 1)
);
CREATE INDEX "DocumentVersion_authorId_idx" ON "DocumentVersion" ("authorId");

-- ---- Reviews

CREATE TABLE "DocumentReview" (
  id               text PRIMARY KEY,
  "documentId"     text NOT NULL,
  -- Where the document went, and which of its versions.
  status           "DocumentStatus" NOT NULL,
  version          integer NOT NULL,
  reason           text NOT NULL DEFAULT '',
  "byId"           text,
  "reviewerId"     text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "DocumentReview_documentId_fkey" FOREIGN KEY ("organizationId", "documentId")
    REFERENCES "Document" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentReview_byId_fkey" FOREIGN KEY ("byId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT "DocumentReview_reviewerId_fkey" FOREIGN KEY ("reviewerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT document_review_reason_length CHECK (char_length(reason) <= 5000)
);
CREATE INDEX "DocumentReview_page_idx" ON "DocumentReview" ("organizationId", "documentId", "createdAt" DESC, id DESC);
CREATE INDEX "DocumentReview_byId_idx" ON "DocumentReview" ("byId");
CREATE INDEX "DocumentReview_reviewerId_idx" ON "DocumentReview" ("reviewerId");

-- ---- Drafts: what one person is writing, of a document that is there or of one to come. They are that person's alone, so
-- no log tells of them.

CREATE TABLE "DocumentDraft" (
  id               text PRIMARY KEY,
  "userId"         text NOT NULL,
  "documentId"     text,
  "productId"      text,
  type             "DocumentType" NOT NULL DEFAULT 'GENERAL',
  title            text NOT NULL,
  content          text NOT NULL,
  note             text NOT NULL DEFAULT '',
  -- The version that the person began from.
  "baseVersion"    integer,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "DocumentDraft_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentDraft_documentId_fkey" FOREIGN KEY ("organizationId", "documentId")
    REFERENCES "Document" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentDraft_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentDraft_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT document_draft_content_length CHECK (octet_length(content) <= 5 * 1024 * 1024)
);
CREATE UNIQUE INDEX "DocumentDraft_person_key"
  ON "DocumentDraft" ("organizationId", "userId", coalesce("documentId", ''), coalesce("productId", ''));
CREATE INDEX "DocumentDraft_userId_idx" ON "DocumentDraft" ("userId");
CREATE INDEX "DocumentDraft_documentId_idx" ON "DocumentDraft" ("organizationId", "documentId");
CREATE INDEX "DocumentDraft_productId_idx" ON "DocumentDraft" ("organizationId", "productId");

-- ---- Comments

CREATE TABLE "DocumentComment" (
  id               text PRIMARY KEY,
  "documentId"     text NOT NULL,
  "authorId"       text,
  body             text NOT NULL,
  -- The passage as it was, nothing for the whole document; then what it has become, where that is something else; the
  -- words around it, and its place in the plain text, in bytes.
  quote            text,
  found            text,
  prefix           text NOT NULL DEFAULT '',
  suffix           text NOT NULL DEFAULT '',
  position         integer NOT NULL DEFAULT 0,
  -- The version that was commented on.
  version          integer NOT NULL,
  "resolvedAt"     timestamptz(3),
  "resolvedById"   text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "DocumentComment_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "DocumentComment_documentId_fkey" FOREIGN KEY ("organizationId", "documentId")
    REFERENCES "Document" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentComment_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT "DocumentComment_resolvedById_fkey" FOREIGN KEY ("resolvedById")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT document_comment_body_length CHECK (body ~ '\S' AND char_length(body) <= 5000),
  CONSTRAINT document_comment_quote_length CHECK (char_length(quote) <= 1000)
);
CREATE INDEX "DocumentComment_page_idx" ON "DocumentComment" ("organizationId", "documentId", "createdAt", id);
CREATE INDEX "DocumentComment_authorId_idx" ON "DocumentComment" ("authorId");
CREATE INDEX "DocumentComment_resolvedById_idx" ON "DocumentComment" ("resolvedById");

-- Whom a document or a comment on it names; each is told once.
CREATE TABLE "DocumentMention" (
  id               text PRIMARY KEY,
  "documentId"     text NOT NULL,
  "commentId"      text,
  "userId"         text NOT NULL,
  "byId"           text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "DocumentMention_documentId_fkey" FOREIGN KEY ("organizationId", "documentId")
    REFERENCES "Document" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentMention_commentId_fkey" FOREIGN KEY ("organizationId", "commentId")
    REFERENCES "DocumentComment" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentMention_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "DocumentMention_byId_fkey" FOREIGN KEY ("byId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE UNIQUE INDEX "DocumentMention_once_key"
  ON "DocumentMention" ("organizationId", "documentId", coalesce("commentId", ''), "userId");
CREATE INDEX "DocumentMention_commentId_idx" ON "DocumentMention" ("organizationId", "commentId");
CREATE INDEX "DocumentMention_userId_idx" ON "DocumentMention" ("userId");
CREATE INDEX "DocumentMention_byId_idx" ON "DocumentMention" ("byId", "createdAt");

-- ---- What each of them keeps true

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('DocumentVersion', NULL,               true,  false),
      ('DocumentReview',  'document_review',  true,  false),
      ('DocumentDraft',   NULL,               false, true),
      ('DocumentComment', 'document_comment', true,  true),
      ('DocumentMention', NULL,               true,  false)
    ) AS v (name, word, below, touched)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made.name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made.name);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made.name);
    IF made.below THEN
      EXECUTE format(
        'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
        'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(''Document'', ''documentId'')', made.name);
    END IF;
    IF made.touched THEN
      EXECUTE format(
        'CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %I FOR EACH ROW '
        'WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()', made.name);
    END IF;
    IF made.word IS NOT NULL THEN
      EXECUTE format(
        'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
        made.name, made.word);
    END IF;
  END LOOP;
END
$$;

-- The version counts the changes of the text, whichever client writes them. A number out of range is left to its rule.
CREATE FUNCTION keep_document() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NEW.version >= 1 THEN
    NEW.version := OLD.version
      + CASE WHEN NEW.title <> OLD.title OR NEW.content <> OLD.content THEN 1 ELSE 0 END;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_document BEFORE UPDATE OF title, content, version ON "Document"
  FOR EACH ROW EXECUTE FUNCTION keep_document();

-- Each version is kept, with who wrote it and what they noted of it.
CREATE FUNCTION keep_document_version() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.version <> OLD.version THEN
    INSERT INTO "DocumentVersion" (id, "organizationId", "documentId", number, title, content, "authorId", note)
    VALUES (new_audit_id(), NEW."organizationId", NEW.id, NEW.version, NEW.title, NEW.content,
            coalesce((SELECT u.id FROM "User" u WHERE u.id = current_setting('app.user_id', true)),
                     CASE WHEN TG_OP = 'INSERT' THEN NEW."authorId" END),
            left(coalesce(current_setting('app.document_note', true), ''), 200));
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_document_version AFTER INSERT OR UPDATE OF title, content, version ON "Document"
  FOR EACH ROW EXECUTE FUNCTION keep_document_version();

-- What is there already; under the role that sees every tenant.
SET LOCAL ROLE prodmatic_system;
INSERT INTO "DocumentVersion" (id, "organizationId", "documentId", number, title, content, "authorId", "createdAt")
SELECT new_audit_id(), "organizationId", id, version, title, content, "authorId", "updatedAt" FROM "Document";
RESET ROLE;

-- Whoever leaves takes along what they have not saved. It runs with the system role's rights, since leaving does not happen in
-- the organisation that is left.
CREATE FUNCTION forget_drafts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  DELETE FROM "DocumentDraft" d WHERE d."organizationId" = OLD."organizationId" AND d."userId" = OLD."userId";
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION forget_drafts() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION forget_drafts() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
CREATE TRIGGER forget_drafts AFTER DELETE ON "Membership" FOR EACH ROW EXECUTE FUNCTION forget_drafts();

-- ---- Search: a document need not be of a product.

ALTER TABLE "SearchEntry" ALTER COLUMN "productId" DROP NOT NULL;

CREATE OR REPLACE FUNCTION search(p_query text, p_kinds text[], p_product text, p_limit integer, p_offset integer)
RETURNS TABLE (kind text, id text, "productKey" text, "productName" text, title text, snippet text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off SET enable_seqscan = off
AS $$
DECLARE
  tenant CONSTANT text := current_setting('app.organization_id', true);
  query  CONSTANT tsquery := search_query(p_query);
BEGIN
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT e.* FROM "SearchEntry" e
       WHERE e."organizationId" = tenant AND e.tsv @@ query
         AND (p_kinds IS NULL OR e.kind = ANY (p_kinds))
         AND (p_product IS NULL OR e."productId" = (
               SELECT p.id FROM "Product" p WHERE p."organizationId" = tenant AND p.key = p_product))
       LIMIT 1000
    ), ranked AS MATERIALIZED (
      SELECT f.*, p.key, p.name,
             row_number() OVER (PARTITION BY f.kind ORDER BY
               ts_filter(f.tsv, '{a}') @@ query DESC, ts_rank(f.tsv, query) DESC, f.id DESC) AS place
        FROM found f
        LEFT JOIN "Product" p ON p.id = f."productId"
       WHERE f."productId" IS NULL OR (p.id IS NOT NULL AND p."deletedAt" IS NULL)
    )
    SELECT r.kind, r.id, r.key, r.name,
           translate(ts_headline('simple', search_split(r.title), query,
             'HighlightAll=true, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', ''),
           translate(ts_headline('simple', search_split(left(r.body, 8000)), query,
             'MaxFragments=1, MinWords=12, MaxWords=30, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', '')
      FROM ranked r
     WHERE r.place > p_offset AND r.place <= p_offset + p_limit
     ORDER BY r.kind, r.place;
END
$$;

SELECT make_searchable('Document', 'title', 'content');
