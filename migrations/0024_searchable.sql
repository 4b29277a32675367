-- Lets the rows of a table be found, those that are there already and those to come: for the migration that makes another
-- entity searchable, which is one line then. Such a table has "productId" and "deletedAt".
CREATE FUNCTION make_searchable(kind text, title text, body text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format(
    'CREATE TRIGGER search_added AFTER INSERT ON %1$I REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION add_search_entries(%1$L, %2$L, %3$L)', kind, title, body);
  EXECUTE format(
    'CREATE TRIGGER search_changed AFTER UPDATE OF id, "organizationId", "productId", "deletedAt", %2$I, %3$I ON %1$I
       FOR EACH ROW EXECUTE FUNCTION change_search_entry(%1$L, %2$L, %3$L)', kind, title, body);
  EXECUTE format(
    'CREATE TRIGGER search_removed AFTER DELETE ON %1$I
       FOR EACH ROW EXECUTE FUNCTION change_search_entry(%1$L, %2$L, %3$L)', kind, title, body);
  -- The role that sees every tenant.
  SET LOCAL ROLE prodmatic_system;
  EXECUTE format(
    'INSERT INTO "SearchEntry" ("organizationId", kind, id, "productId", title, body, tsv)
     SELECT "organizationId", %1$L, id, "productId", search_text(%2$I), search_text(%3$I), search_vector(%2$I, %3$I)
       FROM %1$I WHERE "deletedAt" IS NULL', kind, title, body);
  RESET ROLE;
END
$$;
REVOKE ALL ON FUNCTION make_searchable(text, text, text) FROM PUBLIC;
