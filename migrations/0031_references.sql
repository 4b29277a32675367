-- Short references: each item of a product has a number that no other item of the product has, whatever its kind. With the
-- product's key it is the item's name in talk, such as DEMO-PRODUCT-123.

-- The last number of each product. Nobody but the functions below touches it.
CREATE TABLE "ProductNumber" (
  "productId"      text NOT NULL,
  last             integer NOT NULL DEFAULT 0,
  "organizationId" text NOT NULL,
  CONSTRAINT "ProductNumber_pkey" PRIMARY KEY ("organizationId", "productId"),
  CONSTRAINT "ProductNumber_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);
-- Room for a row's next version beside it: each new item makes one.
ALTER TABLE "ProductNumber" SET (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON "ProductNumber" TO prodmatic_system;

CREATE FUNCTION begin_product_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO "ProductNumber" ("organizationId", "productId") VALUES (NEW."organizationId", NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER begin_product_numbers AFTER INSERT ON "Product" FOR EACH ROW EXECUTE FUNCTION begin_product_numbers();

-- Takes so many numbers of a product; gives the last of them, or NULL where there is no such product. Whoever takes some next waits
-- until this transaction ends, so no two get the same and none is lost.
CREATE FUNCTION take_numbers(p_organization text, p_product text, p_count integer) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE "ProductNumber" SET last = last + p_count
   WHERE "organizationId" = p_organization AND "productId" = p_product RETURNING last
$$;

-- Gives back those behind `p_used` up to `p_last`, unless more were taken meanwhile.
CREATE FUNCTION give_back_numbers(p_product text, p_used integer, p_last integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE "ProductNumber" c SET last = p_used FROM "Product" p
   WHERE p.id = p_product AND c."organizationId" = p."organizationId" AND c."productId" = p.id AND c.last = p_last AND p_used < p_last
$$;

-- The next number of a product, or NULL where there is none. A statement with many rows takes ever more at once, because each change
-- of one row in a transaction makes the next one dearer. What it has taken is kept in settings of the transaction, which a savepoint
-- takes back as it does the rows.
CREATE FUNCTION next_number(p_organization text, p_product text) RETURNS integer
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
  lot  integer := 1;
  last integer;
BEGIN
  PERFORM end_numbers();
  IF current_setting('app.numbers_of', true) = p_product THEN
    lot := least(2 * current_setting('app.numbers_lot', true)::integer, 1024);
  END IF;
  last := take_numbers(p_organization, p_product, lot);
  PERFORM set_config('app.numbers_of', CASE WHEN last IS NULL THEN '' ELSE p_product END, true),
          set_config('app.numbers_used', (last - lot + 1)::text, true), set_config('app.numbers_last', last::text, true),
          set_config('app.numbers_lot', lot::text, true);
  RETURN last - lot + 1;
END
$$;

-- Gives back what was taken and not used, so that there are no gaps.
CREATE FUNCTION end_numbers() RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
  used CONSTANT text := current_setting('app.numbers_used', true);
  last CONSTANT text := current_setting('app.numbers_last', true);
BEGIN
  IF used <> last THEN
    PERFORM give_back_numbers(current_setting('app.numbers_of'), used::integer, last::integer);
    PERFORM set_config('app.numbers_used', last, true);
  END IF;
END
$$;

-- Gives a new item its number, whatever its client says: the number is the database's own.
CREATE FUNCTION number_item() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  used integer;
BEGIN
  IF current_setting('app.numbers_of', true) = NEW."productId" THEN
    used := current_setting('app.numbers_used', true);
    IF used < current_setting('app.numbers_last', true)::integer THEN
      NEW.number := used + 1;
      PERFORM set_config('app.numbers_used', NEW.number::text, true);
      RETURN NEW;
    END IF;
  END IF;
  NEW.number := CASE WHEN NEW."productId" IS NOT NULL THEN next_number(NEW."organizationId", NEW."productId") END;
  RETURN NEW;
END
$$;

CREATE FUNCTION return_numbers() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM end_numbers();
  -- The next statement begins with one again.
  PERFORM set_config('app.numbers_of', '', true);
  RETURN NULL;
END
$$;

-- An item keeps its number for as long as it is of this product.
CREATE FUNCTION keep_number() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.number := CASE WHEN NEW."productId" = OLD."productId" THEN OLD.number
                     ELSE take_numbers(NEW."organizationId", NEW."productId", 1) END;
  RETURN NEW;
END
$$;

-- Where a reference leads is asked before any organisation is chosen: the slug of the one that has the live product with this key, if
-- the person of the transaction is in it.
CREATE FUNCTION home_of_product(p_key text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT o.slug FROM "Product" p
    JOIN "Organization" o ON o.id = p."organizationId" AND o."deletedAt" IS NULL
    JOIN "Membership" m ON m."organizationId" = o.id AND m."userId" = current_setting('app.user_id', true)
   WHERE p.key = p_key AND p."deletedAt" IS NULL
$$;
REVOKE ALL ON FUNCTION home_of_product(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION home_of_product(text) TO prodmatic_app;

GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION home_of_product(text) OWNER TO prodmatic_system;
ALTER FUNCTION begin_product_numbers() OWNER TO prodmatic_system;
ALTER FUNCTION take_numbers(text, text, integer) OWNER TO prodmatic_system;
ALTER FUNCTION give_back_numbers(text, integer, integer) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

DO $$
DECLARE
  kinds CONSTANT text[] := '{Idea,Epic,Feature,Task,Release,Feedback,OKR,KPI,Experiment,Document}';
  kind  text;
BEGIN
  FOREACH kind IN ARRAY kinds LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN number integer', kind);
    -- Made behind the rows' changes it would be of no use for as long as anybody may see them as they were.
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I ("organizationId", "productId", number)', kind || '_number_key', kind);
    -- That there is a number now is no change that somebody has made.
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', kind);
  END LOOP;

  -- What is there already, in the order in which it was made; under the role that sees every tenant, which need not be allowed to
  -- make a table for it.
  CREATE TEMPORARY TABLE numbered (kind text, id text, number bigint) ON COMMIT DROP;
  GRANT SELECT, INSERT ON pg_temp.numbered TO prodmatic_system;
  SET LOCAL ROLE prodmatic_system;
  INSERT INTO pg_temp.numbered
    SELECT made.kind, made.id, row_number() OVER (PARTITION BY made."productId" ORDER BY made."createdAt", made.place, made.id) AS number
      FROM (SELECT 1 AS place, 'Idea' AS kind, id, "productId", "createdAt" FROM "Idea"
            UNION ALL SELECT 2, 'Epic', id, "productId", "createdAt" FROM "Epic"
            UNION ALL SELECT 3, 'Feature', id, "productId", "createdAt" FROM "Feature"
            UNION ALL SELECT 4, 'Task', id, "productId", "createdAt" FROM "Task"
            UNION ALL SELECT 5, 'Release', id, "productId", "createdAt" FROM "Release"
            UNION ALL SELECT 6, 'Feedback', id, "productId", "createdAt" FROM "Feedback"
            UNION ALL SELECT 7, 'OKR', id, "productId", "createdAt" FROM "OKR"
            UNION ALL SELECT 8, 'KPI', id, "productId", "createdAt" FROM "KPI"
            UNION ALL SELECT 9, 'Experiment', id, "productId", "createdAt" FROM "Experiment"
            UNION ALL SELECT 10, 'Document', id, "productId", "createdAt" FROM "Document" WHERE "productId" IS NOT NULL) made;
  INSERT INTO "ProductNumber" ("organizationId", "productId") SELECT "organizationId", id FROM "Product";
  FOREACH kind IN ARRAY kinds LOOP
    EXECUTE format('UPDATE %1$I x SET number = n.number FROM pg_temp.numbered n WHERE n.kind = %1$L AND n.id = x.id', kind);
    EXECUTE format(
      'UPDATE "ProductNumber" c SET last = greatest(c.last, found.last)
         FROM (SELECT "productId", max(number) AS last FROM %I GROUP BY "productId") found
        WHERE found."productId" = c."productId"', kind);
  END LOOP;
  RESET ROLE;

  FOREACH kind IN ARRAY kinds LOOP
    EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', kind);
    -- Its name comes behind "fill_organization_id", so the organisation is known. An import has taken its numbers beforehand, in
    -- a transaction of its own, so that nobody waits for its end.
    EXECUTE format($trigger$CREATE TRIGGER number_item BEFORE INSERT ON %I FOR EACH ROW
      WHEN (NEW.number IS NULL OR current_setting('app.numbers_given', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION number_item()$trigger$, kind);
    EXECUTE format('CREATE TRIGGER keep_number BEFORE UPDATE OF "productId", number ON %I FOR EACH ROW
      WHEN (NEW."productId" IS DISTINCT FROM OLD."productId" OR NEW.number IS DISTINCT FROM OLD.number) EXECUTE FUNCTION keep_number()', kind);
    EXECUTE format('CREATE TRIGGER return_numbers AFTER INSERT ON %I FOR EACH STATEMENT EXECUTE FUNCTION return_numbers()', kind);
  END LOOP;
END
$$;
