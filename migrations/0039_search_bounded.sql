-- A search for words repeated many times, or for a long phrase, kept the database busy for minutes: the work of `@@` and `ts_rank`
-- grows with every repetition, and that of `ts_headline` with phrases faster than the text.

-- A phrase's first eight words, as phraseto_tsquery tells them.
CREATE FUNCTION search_phrase(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT regexp_replace(phraseto_tsquery('simple', search_plain(typed))::text,
                        $r$^('(?:[^'\\]|''|\\.)*'(?: <(?:-|\d+)> '(?:[^'\\]|''|\\.)*'){0,7}).*$r$, '\1')
$$;

-- As before, but each once, and of the first eight words and phrases.
CREATE OR REPLACE FUNCTION search_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT string_agg('(' || part || ')', ' & ' ORDER BY at)::tsquery
    FROM (SELECT part, min(at) AS at
            FROM (SELECT at, CASE
                           WHEN found[1] IS NOT NULL THEN nullif(search_phrase(found[1]), '')
                           ELSE (SELECT string_agg(quote || CASE WHEN lexeme ~ '^[a-z0-9]$' THEN '' ELSE ':*' END, ' & ')
                                   FROM (SELECT tsvector_to_array(search_words(found[2]))) word (lexemes), unnest(lexemes[1:8]) lexeme,
                                        concat('''', replace(replace(lexeme, '\', '\\'), '''', ''''''), '''') quote
                                  WHERE length(lexeme) > 1 OR (SELECT max(length(other)) FROM unnest(lexemes) other) = 1)
                         END AS part
                    FROM regexp_matches(left(typed, 200), '"([^"]*)"?|([^"\s]+)', 'g') WITH ORDINALITY matches (found, at)) all_parts
           WHERE part IS NOT NULL
           GROUP BY part ORDER BY 2 LIMIT 8) parts
$$;

-- The words of a query, without their order, by which a text's best stretch is found and in which they are marked. Any of them will
-- do where they are many, or some stand for others: to look for all in every stretch takes long.
CREATE FUNCTION search_marked(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT string_agg(word, CASE WHEN query::text ~ ' \| ' OR words > 4 THEN ' | ' ELSE ' & ' END)::tsquery
    FROM (SELECT word, count(*) OVER () AS words
            FROM (SELECT DISTINCT found[1] AS word FROM regexp_matches(query::text, $r$('(?:[^'\\]|''|\\.)*'(?::\*)?)$r$, 'g') found) each) counted
   GROUP BY words
$$;

-- As before, but for what is marked.
CREATE OR REPLACE FUNCTION search(p_query text, p_kinds text[], p_statuses text[], p_assignees text[], p_products text[],
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
  marked  tsquery;
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
  marked := search_marked(words);
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
             translate(ts_headline('simple', search_split(e.title), marked,
               'HighlightAll=true, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', '') END,
           CASE WHEN e.body = '' THEN '' WHEN words IS NULL THEN left(e.body, 200) ELSE
             translate(ts_headline('simple', search_split(left(e.body, 4000)), marked,
               'MaxFragments=1, MinWords=12, MaxWords=30, StartSel=' || E'\x02' || ', StopSel=' || E'\x03'), E'\x04', '') END,
           corrected
      FROM ranked r
      JOIN "SearchEntry" e ON e.ctid = r.at
     WHERE r.place > p_offset AND r.place <= p_offset + p_limit
     ORDER BY r.best DESC, array_position(p_kinds, r.kind), r.place;
END
$$;
