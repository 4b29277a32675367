-- Full-text search. Under row security `@@` may not start an index scan, since it is not leakproof, and
-- a search would read the whole table. So what can be found stands in one table without row security,
-- which the application's role may not touch, and one function reads it for the tenant of the
-- transaction.

CREATE TABLE "SearchEntry" (
  "organizationId" text NOT NULL,
  kind             text NOT NULL,
  id               text NOT NULL,
  "productId"      text NOT NULL,
  title            text NOT NULL,
  body             text NOT NULL,
  tsv              tsvector NOT NULL,
  CONSTRAINT "SearchEntry_pkey" PRIMARY KEY (kind, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON "SearchEntry" TO prodmatic_system;

-- With btree_gin the tenant leads the index, so that a search reads nothing of its neighbours'. The
-- extension comes with Postgres, and a database's owner may install it; where it is missing the index
-- holds the words alone.
DO $$
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS btree_gin;
  EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'btree_gin is not available: searches will read the index of all tenants';
  END;
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gin') THEN
    -- What was written last is read from end to end by each search, so it is kept short.
    CREATE INDEX "SearchEntry_search_idx" ON "SearchEntry" USING gin ("organizationId", tsv) WITH (gin_pending_list_limit = 512);
  ELSE
    CREATE INDEX "SearchEntry_search_idx" ON "SearchEntry" USING gin (tsv) WITH (gin_pending_list_limit = 512);
  END IF;
END
$$;

-- The characters that mark a match in what `search` gives. They are taken out of every text, so that
-- they never come from one.
CREATE FUNCTION search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT translate(left(value, 100000), E'\x02\x03\x04', '')
$$;

-- A text whose punctuation stands apart. Else Postgres takes "iOS/Android" for the name of a file, "node.js" for that of a
-- host and "<b>" for markup, and nobody finds the words in them. What is put in is no part of a word, and `search` takes it
-- out again.
CREATE FUNCTION search_split(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT regexp_replace(value, '([][<>(){}/@._+:=&%#~|*-])', E'\x04\\1\x04', 'g')
$$;

-- A text as it is looked for: its punctuation apart, and without accents, which plain ASCII has none of.
CREATE FUNCTION search_plain(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT search_split(CASE
    WHEN octet_length(value) = char_length(value) THEN value
    ELSE regexp_replace(normalize(value, NFKD), U&'[\0300-\036F]', '', 'g') END)
$$;

-- The words of a text. No language is assumed: words are found as they are written, but for case and accents.
CREATE FUNCTION search_words(value text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT to_tsvector('simple', search_plain(value))
$$;

-- Title first, body after.
CREATE FUNCTION search_vector(title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT setweight(search_words(title), 'A') || setweight(search_words(left(body, 100000)), 'D')
$$;

-- Keeps the entries of a table by its rows that are not deleted. Arguments: the kind, the column of the
-- title and that of the body. What comes in is taken in by one statement for all its rows, so that an
-- import stays quick.
CREATE FUNCTION add_search_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO "SearchEntry" ("organizationId", kind, id, "productId", title, body, tsv)
     SELECT "organizationId", %L, id, "productId", search_text(%2$I), search_text(%3$I), search_vector(%2$I, %3$I)
       FROM added WHERE "deletedAt" IS NULL
     ON CONFLICT DO NOTHING', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]);
  RETURN NULL;
END
$$;

CREATE FUNCTION change_search_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  changed jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    changed := to_jsonb(NEW);
  END IF;
  IF changed IS NULL OR NEW.id <> OLD.id OR changed ->> 'deletedAt' IS NOT NULL THEN
    DELETE FROM "SearchEntry" e WHERE e.kind = TG_ARGV[0] AND e.id = OLD.id;
  END IF;
  IF changed ->> 'deletedAt' IS NULL AND changed IS NOT NULL THEN
    INSERT INTO "SearchEntry" ("organizationId", kind, id, "productId", title, body, tsv)
    VALUES (NEW."organizationId", TG_ARGV[0], NEW.id, NEW."productId",
            search_text(changed ->> TG_ARGV[1]), search_text(changed ->> TG_ARGV[2]),
            search_vector(changed ->> TG_ARGV[1], changed ->> TG_ARGV[2]))
    ON CONFLICT ON CONSTRAINT "SearchEntry_pkey" DO UPDATE
      SET "organizationId" = excluded."organizationId", "productId" = excluded."productId",
          title = excluded.title, body = excluded.body, tsv = excluded.tsv;
  END IF;
  RETURN NULL;
END
$$;

-- What a person typed as a query: each word may be the beginning of one, what stands in quotes is
-- found as it stands, and all of it has to be there. NULL when no word is left. A single letter or
-- digit begins too many words to be worth looking for, and is left out behind others, as in "two-f".
CREATE FUNCTION search_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT string_agg('(' || part || ')', ' & ')::tsquery
    FROM (SELECT CASE
                   WHEN found[1] IS NOT NULL THEN nullif(phraseto_tsquery('simple', search_plain(found[1]))::text, '')
                   ELSE (SELECT string_agg(quote || CASE WHEN lexeme ~ '^[a-z0-9]$' THEN '' ELSE ':*' END, ' & ')
                           FROM (SELECT tsvector_to_array(search_words(found[2]))) word (lexemes), unnest(lexemes) lexeme,
                                concat('''', replace(replace(lexeme, '\', '\\'), '''', ''''''), '''') quote
                          WHERE length(lexeme) > 1 OR (SELECT max(length(other)) FROM unnest(lexemes) other) = 1)
                 END AS part
            FROM regexp_matches(left(typed, 200), '"([^"]*)"?|([^"\s]+)', 'g') found) parts
   WHERE part IS NOT NULL
$$;

-- What the tenant of the transaction has of these words, best first: a match in the title comes before
-- one in the text. `p_limit` and `p_offset` count within each kind; no kinds, or no product's key,
-- means all. Matches are marked by E'\x02' and E'\x03'. Of words that are in thousands of entries a
-- thousand are looked at, which keeps the answer quick. The table is never read from end to end: of a word
-- that is common elsewhere the planner would expect to meet a thousand soon, and this tenant may have none.
CREATE FUNCTION search(p_query text, p_kinds text[], p_product text, p_limit integer, p_offset integer)
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
        JOIN "Product" p ON p.id = f."productId" AND p."deletedAt" IS NULL
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

-- What can be found: a further entity is one more line, here and in src/search/model.rs.
DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT * FROM (VALUES
      ('Idea',     'title', 'description'),
      ('Feature',  'title', 'description'),
      ('Feedback', 'title', 'description')
    ) AS v (name, title, body)
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
    -- What is there already; under the role that sees every tenant.
    SET LOCAL ROLE prodmatic_system;
    EXECUTE format(
      'INSERT INTO "SearchEntry" ("organizationId", kind, id, "productId", title, body, tsv)
       SELECT "organizationId", %1$L, id, "productId", search_text(%2$I), search_text(%3$I), search_vector(%2$I, %3$I)
         FROM %1$I WHERE "deletedAt" IS NULL', found.name, found.title, found.body);
    RESET ROLE;
  END LOOP;
END
$$;

REVOKE ALL ON FUNCTION add_search_entries(), change_search_entry(), search(text, text[], text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search(text, text[], text, integer, integer) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION add_search_entries() OWNER TO prodmatic_system;
ALTER FUNCTION change_search_entry() OWNER TO prodmatic_system;
ALTER FUNCTION search(text, text[], text, integer, integer) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
