-- What a search shows of something that its words did not find, as of what was asked for by its short reference: where it stands, and
-- how its text begins.
CREATE FUNCTION search_entry(p_kind text, p_id text) RETURNS TABLE (status text, snippet text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT e.status, left(e.body, 200) FROM "SearchEntry" e
   WHERE e.shelf = current_setting('app.organization_id', true) || '/' || p_kind AND e.id = p_id
     AND (coalesce(current_setting('app.product_ids', true), '') = ''
          OR e."productId" = ANY (string_to_array(current_setting('app.product_ids', true), ',')))
$$;
REVOKE ALL ON FUNCTION search_entry(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_entry(text, text) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION search_entry(text, text) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
