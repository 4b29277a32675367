-- One search over everything: entries know their status and whom they are with, comments, people, teams, products, key
-- results, objectives and webhooks have some too, and words typed wrong are found by those that are like them.

-- ---- Entries

-- What is filtered by stands in the vector itself, as marks such as '=status:DONE', which no text has: so the index alone
-- gives "this word, of mine, in review", however common each part is.
-- What hangs on something else rests with it, and is of its product. A shelf holds what one organisation has of one table.
ALTER TABLE "SearchEntry"
  ADD COLUMN shelf        text,
  ADD COLUMN status       text,
  ADD COLUMN "parentKind" text,
  ADD COLUMN "parentId"   text,
  -- Where its page is below the product's, or the organisation's where it has none; nothing where its kind and id say so.
  ADD COLUMN path         text;

-- The tables of a kind.
CREATE FUNCTION search_sources(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE kind
    WHEN 'Comment' THEN ARRAY['IdeaComment', 'FeatureComment', 'TaskComment', 'DocumentComment']
    WHEN 'Objective' THEN ARRAY['OrganizationObjective']
    WHEN 'Person' THEN ARRAY['Membership']
    ELSE ARRAY[kind] END
$$;

-- What an entry can be filtered by, as words of its vector.
CREATE FUNCTION search_marks(kind text, status text, assignee text, product text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT array_to_tsvector(array_remove(
    ARRAY['=kind:' || kind, '=status:' || status, '=assignee:' || assignee, '=product:' || product], NULL))
$$;

-- The same looked for: entries with either of the values. NULL for no values.
CREATE FUNCTION search_either(mark text, wanted text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT string_agg('''=' || mark || ':' || replace(replace(value, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
    FROM unnest(wanted) value
$$;

-- ---- Words: those of the titles, for what is typed wrong. The same word may stand here twice when two transactions bring it
-- at the same time: they do not wait for each other over it.

CREATE TABLE "SearchWord" (
  "organizationId" text NOT NULL,
  word             text COLLATE "C" NOT NULL
);
CREATE INDEX "SearchWord_word_idx" ON "SearchWord" ("organizationId", word);
GRANT SELECT, INSERT, UPDATE, DELETE ON "SearchWord" TO prodmatic_system;

-- With pg_trgm words that look alike are found by an index. The extension comes with Postgres, and a database's owner may
-- install it; where it may not be, words that differ in one place are found all the same. The search looks for itself which
-- it is, so that this can be called again once the extension is there. Gives whether it is.
CREATE FUNCTION search_use_trigrams() RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not available: of words typed wrong only those with one wrong letter will be found';
  END;
  IF to_regprocedure('public.similarity(text, text)') IS NULL THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gin') THEN
    CREATE INDEX IF NOT EXISTS "SearchWord_alike_idx" ON "SearchWord" USING gin ("organizationId", word gin_trgm_ops);
  ELSE
    CREATE INDEX IF NOT EXISTS "SearchWord_alike_idx" ON "SearchWord" USING gin (word gin_trgm_ops);
  END IF;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION search_use_trigrams() FROM PUBLIC;
DO $$ BEGIN PERFORM search_use_trigrams(); END $$;

-- ---- Triggers

-- The statement that makes entries of the rows of `source`. The arguments are those of `make_searchable` in their order:
-- expressions over such a row, or NULL.
CREATE FUNCTION search_statement(relation text, source text, args text[]) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
  SELECT format(
    'WITH made AS (
       INSERT INTO "SearchEntry" AS e ("organizationId", shelf, kind, id, "productId", status, "parentKind", "parentId", path,
                                       title, body, tsv)
       SELECT "organizationId", "organizationId" || %1$L, %2$L, id, %7$s, %5$s, nullif(%9$L, ''''), %10$s, %11$s,
              search_text(%3$s), search_text(%4$s),
              search_vector(%3$s, %4$s) || search_marks(%2$L, %5$s, %6$s, %8$s)
         FROM %13$s WHERE %12$s
       ON CONFLICT (shelf, id) DO UPDATE
         SET "productId" = excluded."productId", status = excluded.status, "parentKind" = excluded."parentKind",
             "parentId" = excluded."parentId", path = excluded.path, title = excluded.title, body = excluded.body, tsv = excluded.tsv
       RETURNING e."organizationId", e.tsv
     )
     INSERT INTO "SearchWord" ("organizationId", word)
     SELECT DISTINCT m."organizationId", w.word
       FROM made m, unnest(tsvector_to_array(ts_filter(m.tsv, ''{a}''))) w (word)
      WHERE length(w.word) BETWEEN 3 AND 30 AND w.word ~ ''^[[:alpha:]]+$''
        AND NOT EXISTS (SELECT FROM "SearchWord" k WHERE k."organizationId" = m."organizationId" AND k.word = w.word)',
    '/' || relation, args[1], args[2], args[3], args[4], args[5], args[6], args[7], args[8], args[9], args[10], args[11], source)
$$;

-- What comes in is taken in by one statement for all its rows, so that an import stays quick.
CREATE FUNCTION search_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  EXECUTE search_statement(TG_TABLE_NAME, 'added r', TG_ARGV[0:]);
  RETURN NULL;
END
$$;

-- One statement for all its rows here too, of which only those count in which something is new that an entry is made of. The
-- argument behind the others says when a row `n` is as it was as `o`.
CREATE FUNCTION search_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  fresh CONSTANT text := format('changed n WHERE NOT EXISTS (SELECT FROM before o WHERE %s)', TG_ARGV[11]);
  found boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', fresh) INTO found;
  IF found THEN
    EXECUTE format(
      'DELETE FROM "SearchEntry" e USING before o
        WHERE e.shelf = o."organizationId" || %L AND e.id = o.id
          AND NOT EXISTS (SELECT FROM changed r WHERE r.id = o.id AND r."organizationId" = o."organizationId" AND %s)',
      '/' || TG_TABLE_NAME, TG_ARGV[10]);
    EXECUTE search_statement(TG_TABLE_NAME, format('(SELECT n.* FROM %s) r', fresh), TG_ARGV[0:10]);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION search_removed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  DELETE FROM "SearchEntry" e WHERE e.shelf = OLD."organizationId" || '/' || TG_TABLE_NAME AND e.id = OLD.id;
  RETURN NULL;
END
$$;

-- A member is found by what their account says, which is no row of a tenant's.
CREATE FUNCTION search_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  EXECUTE search_statement('Membership', '(SELECT m.* FROM "Membership" m WHERE m."userId" = $1) r', TG_ARGV[0:])
    USING to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'User' THEN 'id' ELSE 'userId' END;
  RETURN NULL;
END
$$;

-- Whoever is gone leaves no words.
CREATE FUNCTION forget_search_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  DELETE FROM "SearchWord" w WHERE w."organizationId" = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER forget_search_words AFTER DELETE ON "Organization" FOR EACH ROW EXECUTE FUNCTION forget_search_words();

-- Lets the rows of a table be found, those that are there already and those to come: for the migration that makes another
-- entity searchable, which is one line then. All but the kinds are expressions over a row: what it is called, its text, its
-- status, whom it is with; its product, and the product that it is filtered by, which those that hang on something have alone;
-- what it hangs on; its page; and whether it can be found.
DROP FUNCTION make_searchable(text, text, text);
CREATE FUNCTION make_searchable(
  relation text, title text, body text, status text DEFAULT 'NULL::text', assignee text DEFAULT 'NULL::text',
  product text DEFAULT '"productId"', filtered text DEFAULT NULL, parent_kind text DEFAULT NULL, parent text DEFAULT 'NULL::text',
  path text DEFAULT 'NULL::text', live text DEFAULT '"deletedAt" IS NULL', kind text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  args    CONSTANT text[] := ARRAY[coalesce(kind, relation), title, body, status, assignee, product, coalesce(filtered, product),
                                   coalesce(parent_kind, ''), parent, path, live];
  given   CONSTANT text := (SELECT string_agg(quote_literal(arg), ', ' ORDER BY n) FROM unnest(args) WITH ORDINALITY a (arg, n));
  same    text;
BEGIN
  -- An entry changes with the columns that it is made of.
  SELECT 'o.id = n.id AND ' || string_agg(format('o.%1$I IS NOT DISTINCT FROM n.%1$I', a.attname), ' AND ') INTO same
    FROM pg_attribute a
   WHERE a.attrelid = quote_ident(relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
     AND (a.attname = 'organizationId' OR given ~ ('\m' || a.attname || '\M'));
  EXECUTE format('CREATE TRIGGER search_added AFTER INSERT ON %I REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION search_added(%s)', relation, given);
  EXECUTE format('CREATE TRIGGER search_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_changed(%s, %L)', relation, given, same);
  EXECUTE format('CREATE TRIGGER search_removed AFTER DELETE ON %I
    FOR EACH ROW EXECUTE FUNCTION search_removed()', relation);
  -- The role that sees every tenant.
  SET LOCAL ROLE prodmatic_system;
  EXECUTE search_statement(relation, quote_ident(relation) || ' r', args);
  RESET ROLE;
END
$$;
REVOKE ALL ON FUNCTION
  make_searchable(text, text, text, text, text, text, text, text, text, text, text, text),
  search_added(), search_changed(), search_removed(), search_person(), forget_search_words() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION search_added() OWNER TO prodmatic_system;
ALTER FUNCTION search_changed() OWNER TO prodmatic_system;
ALTER FUNCTION search_removed() OWNER TO prodmatic_system;
ALTER FUNCTION search_person() OWNER TO prodmatic_system;
ALTER FUNCTION forget_search_words() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

-- Every entry is made anew, and the indexes after them.
DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['Idea', 'Feature', 'Feedback', 'Epic', 'Task', 'Release', 'OKR', 'KPI', 'Experiment', 'Document'] LOOP
    EXECUTE format('DROP TRIGGER search_added ON %1$I; DROP TRIGGER search_changed ON %1$I; DROP TRIGGER search_removed ON %1$I', relation);
  END LOOP;
END
$$;
DROP FUNCTION add_search_entries();
DROP FUNCTION change_search_entry();
TRUNCATE "SearchEntry";
ALTER TABLE "SearchEntry" DROP CONSTRAINT "SearchEntry_pkey", ADD CONSTRAINT "SearchEntry_pkey" PRIMARY KEY (shelf, id);
DROP INDEX "SearchEntry_search_idx";

SELECT make_searchable('Idea', 'title', 'description', 'status::text'),
       make_searchable('Feature', 'title', 'description', 'status::text', 'coalesce("assigneeId", ''nobody'')'),
       make_searchable('Task', 'title', 'description', 'status::text', 'coalesce("assigneeId", ''nobody'')'),
       make_searchable('Feedback', 'title', 'description', 'status::text'),
       make_searchable('Epic', 'title', 'description', 'status::text'),
       make_searchable('Release', 'name', 'concat_ws(E''\n'', version, description)', 'status::text'),
       make_searchable('OKR', 'title', 'description', 'status::text', '"ownerId"'),
       make_searchable('KPI', 'name', 'description', assignee => '"ownerId"'),
       make_searchable('Experiment', 'name', 'concat_ws(E''\n'', hypothesis, description)', 'status::text', '"ownerId"'),
       make_searchable('Document', 'title', 'content', 'status::text', '"authorId"'),
       make_searchable('Product', 'name', 'concat_ws(E''\n'', description, vision, key)', 'lifecycle::text',
                       product => 'id', path => ''''''),
       make_searchable('OrganizationObjective', 'title', 'description', 'status::text', '"ownerId"', kind => 'Objective',
                       product => 'NULL::text', path => '''okrs/'' || id'),
       make_searchable('Team', 'name', 'description', product => 'NULL::text', path => '''teams/'' || slug'),
       make_searchable('Webhook', 'name', '''''', product => 'NULL::text', path => '''webhooks/'' || id', live => 'true'),
       make_searchable('Membership', '(SELECT u.name FROM "User" u WHERE u.id = r."userId")',
                       '(SELECT p.title FROM "UserProfile" p WHERE p."userId" = r."userId")', kind => 'Person',
                       product => 'NULL::text', path => '''members''', live => 'true'),
       make_searchable('KeyResult', 'title', 'description', product => 'NULL::text',
                       filtered => '(SELECT o."productId" FROM "OKR" o WHERE o.id = r."okrId")', parent_kind => 'OKR',
                       parent => '"okrId"', path => '''okrs/'' || "okrId" || ''/results/'' || id', live => 'true');
-- A comment is called as what it is on.
SELECT make_searchable(parent || 'Comment', '''''', 'body', product => 'NULL::text',
                       filtered => format('(SELECT p."productId" FROM %I p WHERE p.id = r.%I)', parent, key), parent_kind => parent,
                       parent => quote_ident(key), path => format('%L || %I', page || '/', key), live => 'true', kind => 'Comment')
  FROM (VALUES ('Idea', 'ideaId', 'ideas'), ('Feature', 'featureId', 'features'), ('Task', 'taskId', 'tasks'),
               ('Document', 'documentId', 'documents')) v (parent, key, page);
DO $$
DECLARE
  given CONSTANT text := (SELECT substring(pg_get_triggerdef(oid) FROM 'search_added(\(.*\))$') FROM pg_trigger
                           WHERE tgname = 'search_added' AND tgrelid = '"Membership"'::regclass);
BEGIN
  EXECUTE format('CREATE TRIGGER search_person AFTER UPDATE OF name ON "User"
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION search_person%s', given);
  EXECUTE format('CREATE TRIGGER search_person AFTER INSERT OR UPDATE OF title ON "UserProfile"
    FOR EACH ROW EXECUTE FUNCTION search_person%s', given);
END
$$;

ALTER TABLE "SearchEntry" ALTER COLUMN shelf SET NOT NULL;
-- What a title begins with, as one types.
CREATE INDEX "SearchEntry_title_idx" ON "SearchEntry" (shelf, lower(left(title, 60)) COLLATE "C");
-- What was written last is read from end to end by each search, so it is kept short. With btree_gin the tenant leads the index.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gin') THEN
    CREATE INDEX "SearchEntry_search_idx" ON "SearchEntry" USING gin ("organizationId", tsv) WITH (gin_pending_list_limit = 512);
  ELSE
    CREATE INDEX "SearchEntry_search_idx" ON "SearchEntry" USING gin (tsv) WITH (gin_pending_list_limit = 512);
  END IF;
END
$$;

-- ---- Words that are like one that was typed

-- Words of the titles of an organisation that differ from this one by one letter too many, one missing, one wrong or two
-- swapped, behind the first; and with pg_trgm those that share most of their letters. The likest come first.
CREATE FUNCTION search_alike(tenant text, typed text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
AS $$
DECLARE
  first CONSTANT text := left(typed, 1);
  shape text;
  near  text[];
  alike text[];
BEGIN
  IF length(typed) NOT BETWEEN 3 AND 20 OR typed !~ '^[[:alpha:]]+$' THEN
    RETURN '{}';
  END IF;
  SELECT '^(' || string_agg(
           left(typed, at - 1) || '.' || substr(typed, at + 1) || '|' || left(typed, at - 1) || substr(typed, at + 1) || '|'
           || left(typed, at - 1) || '.' || substr(typed, at) || '|'
           || left(typed, at - 1) || substr(typed, at + 1, 1) || substr(typed, at, 1) || substr(typed, at + 2), '|')
         || '|' || typed || '.)' || CASE WHEN length(typed) < 5 THEN '$' ELSE '' END
    INTO shape
    FROM generate_series(2, length(typed)) at;
  SELECT array_agg(word) INTO near FROM (
    SELECT DISTINCT k.word, abs(length(k.word) - length(typed)) FROM "SearchWord" k
     WHERE k."organizationId" = tenant AND k.word >= first COLLATE "C" AND k.word < (first || U&'\+10FFFF') COLLATE "C"
       AND k.word ~ shape
     ORDER BY 2, 1 LIMIT 6) w;
  IF to_regprocedure('public.similarity(text, text)') IS NOT NULL THEN
    SELECT array_agg(word) INTO alike FROM (
      SELECT DISTINCT k.word, similarity(k.word, typed) FROM "SearchWord" k
       WHERE k."organizationId" = tenant AND k.word % typed AND similarity(k.word, typed) >= 0.35
       ORDER BY 2 DESC, 1 LIMIT 6) w;
  END IF;
  RETURN array_remove((coalesce(near, '{}') || coalesce(alike, '{}'))[1:8], typed);
END
$$;

-- As search_query, with the words that are like each. NULL where none is like any.
CREATE FUNCTION search_near(tenant text, typed text) RETURNS tsquery
LANGUAGE sql STABLE
AS $$
  SELECT CASE WHEN bool_or(cardinality(alike) > 0) THEN
           string_agg('(' || quote_literal(lexeme) || ':*' || coalesce((SELECT string_agg(' | ' || quote_literal(a), '') FROM unnest(alike) a), '') || ')', ' & ')::tsquery
         END
    FROM (SELECT lexeme, search_alike(tenant, lexeme) AS alike
            FROM unnest(tsvector_to_array(search_words(left(typed, 80)))) lexeme
           WHERE length(lexeme) > 1
           LIMIT 6) words
$$;

-- ---- The search

-- What the index gives for this. It goes by the index alone: of a word that is common elsewhere the planner would expect to meet
-- enough soon by reading on, and this tenant may have none. A phrase is looked for as its words, so that as many entries are
-- read of it as of words.
CREATE FUNCTION search_index(tenant text, query tsquery, most integer) RETURNS TABLE (kind text, place tid, tsv tsvector)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
  loose CONSTANT tsquery := regexp_replace(query::text, '<(-|\d+)>', '&', 'g')::tsquery;
BEGIN
  RETURN QUERY SELECT e.kind, e.ctid, e.tsv FROM "SearchEntry" e WHERE e."organizationId" = tenant AND e.tsv @@ loose LIMIT most;
END
$$;

-- Where the entries are from which the best are taken. Where few have the marks, it is those of them that have the words. Else
-- it is of each kind some of its newest, and those whose titles begin as typed; and where these are neither all nor enough,
-- also those of the index. So a word that is everywhere is looked for among the newest alone, and what is read does not
-- grow with what there is.
CREATE FUNCTION search_places(tenant text, words tsquery, marks tsquery, typed text, kinds text[]) RETURNS tid[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
  -- One kind is shown page by page, and so needs more.
  one    CONSTANT boolean := cardinality(kinds) = 1;
  newest CONSTANT integer := CASE WHEN one THEN 2000 ELSE 250 END;
  most   CONSTANT integer := CASE WHEN one THEN 400 ELSE 15 END;
  enough CONSTANT integer := CASE WHEN one THEN 100 ELSE 6 END;
  query  CONSTANT tsquery := coalesce(words && marks, words, marks, search_either('kind', kinds));
  places tid[] := '{}';
  rest   text[] := '{}';
  got    text[] := '{}';
  sought tsquery;
  wanted text;
  held   text;
  total  integer;
  hits   tid[];
BEGIN
  IF marks IS NOT NULL THEN
    SELECT count(*), coalesce(array_agg(i.place) FILTER (WHERE i.kind = ANY (kinds) AND i.tsv @@ query), '{}') INTO total, hits
      FROM search_index(tenant, marks, 1000) i;
    IF total < 1000 THEN
      RETURN hits[1:500];
    END IF;
  END IF;
  FOREACH wanted IN ARRAY kinds LOOP
    FOREACH held IN ARRAY search_sources(wanted) LOOP
      held := tenant || '/' || held;
      hits := ARRAY(
        SELECT n.ctid FROM (SELECT e.ctid, e.tsv FROM "SearchEntry" e WHERE e.shelf = held ORDER BY e.id DESC LIMIT newest) n
         WHERE n.tsv @@ query LIMIT most);
      places := places || hits;
      IF cardinality(hits) > 0 THEN
        got := got || wanted;
      END IF;
      CONTINUE WHEN NOT EXISTS (SELECT FROM "SearchEntry" e WHERE e.shelf = held ORDER BY e.id DESC OFFSET newest LIMIT 1);
      IF cardinality(hits) < enough AND wanted <> ALL (rest) THEN
        rest := rest || wanted;
      END IF;
      IF typed <> '' THEN
        places := places || ARRAY(
          SELECT n.ctid FROM (SELECT e.ctid, e.tsv FROM "SearchEntry" e
                               WHERE e.shelf = held AND lower(left(e.title, 60)) COLLATE "C" >= typed
                                 AND lower(left(e.title, 60)) COLLATE "C" < typed || U&'\+10FFFF'
                               ORDER BY lower(left(e.title, 60)) COLLATE "C" LIMIT 20) n
           WHERE n.tsv @@ query);
      END IF;
    END LOOP;
  END LOOP;
  IF rest = '{}' THEN
    RETURN places;
  END IF;
  -- All words that begin so are many more to read than the words themselves, which are enough if there are many. To Postgres a
  -- word and its beginning are equal, but for their texts.
  FOREACH sought IN ARRAY ARRAY[replace(query::text, ':*', '')::tsquery, query] LOOP
    SELECT count(*), coalesce(array_agg(i.place) FILTER (WHERE i.kind = ANY (rest) AND i.tsv @@ query), '{}'),
           got || coalesce(array_agg(DISTINCT i.kind) FILTER (WHERE i.tsv @@ query), '{}')
      INTO total, hits, got
      FROM search_index(tenant, CASE WHEN cardinality(kinds) < 5 THEN sought && search_either('kind', rest) ELSE sought END, 500) i;
    places := places || hits;
    EXIT WHEN total >= 100 OR sought::text = query::text;
  END LOOP;
  -- Some kinds may have filled it all: the others are looked through somewhat further.
  IF total = 500 THEN
    FOREACH wanted IN ARRAY rest LOOP
      CONTINUE WHEN wanted = ANY (got);
      FOREACH held IN ARRAY search_sources(wanted) LOOP
        places := places || ARRAY(
          SELECT n.ctid FROM (SELECT e.ctid, e.tsv FROM "SearchEntry" e WHERE e.shelf = tenant || '/' || held
                               ORDER BY e.id DESC OFFSET newest LIMIT 500) n
           WHERE n.tsv @@ query LIMIT most);
      END LOOP;
    END LOOP;
  END IF;
  RETURN places;
END
$$;

-- What the tenant of the transaction has of these words and filters, best first, and the kinds by their best: a title that is
-- what was typed, one that begins so, one that has all the words, then a text. Of filters alone it is what is newest. Of each
-- filter either value will do. `p_limit` and `p_offset` count within each kind. Where nothing has the words, it is what has
-- words that are like them, and `near` tells so. Matches are marked by E'\x02' and E'\x03'.
DROP FUNCTION search(text, text[], text, integer, integer);
CREATE FUNCTION search(p_query text, p_kinds text[], p_statuses text[], p_assignees text[], p_products text[],
                       p_limit integer, p_offset integer)
RETURNS TABLE (kind text, id text, "productKey" text, "productName" text, path text, status text, title text, snippet text, near boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  tenant  CONSTANT text := current_setting('app.organization_id', true);
  granted CONSTANT text[] := string_to_array(nullif(current_setting('app.product_ids', true), ''), ',');
  typed   CONSTANT text := lower(left(btrim(p_query), 60));
  words   tsquery := search_query(p_query);
  marks   tsquery := search_either('status', p_statuses);
  sought  tsquery;
  corrected boolean := false;
  places  tid[];
BEGIN
  IF coalesce(tenant, '') = '' OR words IS NULL AND typed <> '' OR '{}' IN (p_kinds, p_statuses, p_assignees, p_products) THEN
    RETURN;
  END IF;
  IF p_assignees IS NOT NULL THEN
    sought := search_either('assignee', p_assignees);
    marks := coalesce(marks && sought, sought);
  END IF;
  IF p_products IS NOT NULL THEN
    sought := search_either('product', ARRAY(
      SELECT p.id FROM "Product" p WHERE p."organizationId" = tenant AND p.key = ANY (p_products) AND p."deletedAt" IS NULL));
    IF sought IS NULL THEN
      RETURN;
    END IF;
    marks := coalesce(marks && sought, sought);
  END IF;
  places := search_places(tenant, words, marks, typed, p_kinds);
  IF places = '{}' AND words IS NOT NULL THEN
    words := search_near(tenant, p_query);
    IF words IS NOT NULL THEN
      corrected := true;
      places := search_places(tenant, words, marks, '', p_kinds);
    END IF;
  END IF;
  RETURN QUERY
    WITH shown AS MATERIALIZED (
      SELECT e.ctid AS at, e.kind, e.id, parent.title AS "parentTitle", p.key, p.name,
             CASE WHEN words IS NULL THEN 0
                  ELSE (lower(e.title) = typed)::integer * 4 + starts_with(lower(e.title), typed)::integer * 2
                       + (ts_filter(e.tsv, '{a}') @@ words)::integer * 2 + ts_rank(e.tsv, words) END AS score
        FROM "SearchEntry" e
        LEFT JOIN "SearchEntry" parent ON parent.shelf = tenant || '/' || e."parentKind" AND parent.id = e."parentId"
        LEFT JOIN "Product" p ON p.id = coalesce(e."productId", parent."productId")
       WHERE e.ctid = ANY (places)
         AND (e."parentId" IS NULL OR parent.id IS NOT NULL)
         AND (coalesce(e."productId", parent."productId") IS NULL OR p.id IS NOT NULL AND p."deletedAt" IS NULL)
         AND (granted IS NULL OR p.id = ANY (granted))
    ), ranked AS MATERIALIZED (
      SELECT s.*, row_number() OVER of_kind AS place, max(score) OVER (PARTITION BY s.kind) AS best
        FROM shown s
      WINDOW of_kind AS (PARTITION BY s.kind ORDER BY score DESC, s.id DESC)
    )
    SELECT r.kind, r.id, r.key, r.name, e.path, e.status,
           CASE WHEN e.title = '' THEN coalesce(r."parentTitle", '') WHEN words IS NULL THEN e.title ELSE
             translate(ts_headline('simple', search_split(e.title), words,
               'HighlightAll=true, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', '') END,
           CASE WHEN e.body = '' THEN '' WHEN words IS NULL THEN left(e.body, 200) ELSE
             translate(ts_headline('simple', search_split(left(e.body, 4000)), words,
               'MaxFragments=1, MinWords=12, MaxWords=30, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', '') END,
           corrected
      FROM ranked r
      JOIN "SearchEntry" e ON e.ctid = r.at
     WHERE r.place > p_offset AND r.place <= p_offset + p_limit
     ORDER BY r.best DESC, array_position(p_kinds, r.kind), r.place;
END
$$;

REVOKE ALL ON FUNCTION
  search(text, text[], text[], text[], text[], integer, integer), search_places(text, tsquery, tsquery, text, text[]),
  search_index(text, tsquery, integer), search_near(text, text), search_alike(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search(text, text[], text[], text[], text[], integer, integer) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION search(text, text[], text[], text[], text[], integer, integer) OWNER TO prodmatic_system;
ALTER FUNCTION search_places(text, tsquery, tsquery, text, text[]) OWNER TO prodmatic_system;
ALTER FUNCTION search_index(text, tsquery, integer) OWNER TO prodmatic_system;
ALTER FUNCTION search_near(text, text) OWNER TO prodmatic_system;
ALTER FUNCTION search_alike(text, text) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
