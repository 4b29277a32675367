//! What Postgres is asked and told. The names of tables stand in statements that Postgres itself puts together, out of its own
//! catalog.

/// Each table with the columns that a backup takes, and the statement that reads them. Not taken is what a cluster counts for
/// itself: columns of transaction ids are filled anew where the rows arrive, as are generated ones; and what has been
/// migrated stands in the head.
pub const TABLES: &str = r#"
SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       format('COPY public.%I (%s) TO STDOUT', c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)) AS statement
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     AND a.attgenerated = '' AND a.atttypid <> 'xid8'::regtype
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 GROUP BY c.oid, c.relname
 ORDER BY c.relname COLLATE "C""#;

/// What has been migrated, in order; none of it where nothing has.
pub const APPLIED: &str = "SELECT version, encode(checksum, 'hex') AS checksum, success FROM _sqlx_migrations ORDER BY version";

pub const IS_MIGRATED: &str = "SELECT to_regclass('public._sqlx_migrations') IS NOT NULL";

/// Whether row security lets this role see everything.
pub const SEES_ALL: &str = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";

/// Tables of which the system's role would see only some rows. It has a policy of its own on each, and then there are none.
pub const PARTLY_SEEN: &str = r#"
SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname), '')
  FROM pg_class c
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
   AND (EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive
                  AND ('{0}' = p.polroles OR 'prodmatic_system'::regrole = ANY (p.polroles)))
        OR NOT EXISTS (
          SELECT FROM pg_policy p
           WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r') AND 'prodmatic_system'::regrole = ANY (p.polroles)
             AND pg_get_expr(p.polqual, p.polrelid) = 'true'))"#;

/// Lets nobody change a table's columns until the transaction ends.
pub const HOLD: &str = r#"
DO $$
DECLARE
  held name;
BEGIN
  FOR held IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_sqlx_migrations'
  LOOP
    EXECUTE format('LOCK TABLE public.%I IN ACCESS SHARE MODE', held);
  END LOOP;
END
$$"#;

/// Servers that are at work on this database.
pub const SERVERS: &str = r#"
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = $1"#;

/// Notes in `prodmatic.occupied` the tables that hold something, and those that are not ours to remove. Row security would
/// hide rows from an owner, so it is lifted for the owner until the transaction ends.
pub const LOOK: &str = r#"
DO $$
DECLARE
  met      record;
  filled   boolean;
  occupied text[] := '{}';
  foreigns text[] := '{}';
BEGIN
  FOR met IN
    SELECT c.relname, c.relkind, c.relforcerowsecurity, pg_has_role(c.relowner, 'USAGE') AS own
      FROM pg_class c
     WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname
  LOOP
    IF NOT met.own THEN
      foreigns := foreigns || met.relname::text;
    ELSIF met.relkind <> 'r' OR to_regclass('public._sqlx_migrations') IS NULL THEN
      -- No migration of ours has made it.
      occupied := occupied || met.relname::text;
    ELSE
      IF met.relforcerowsecurity THEN
        EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', met.relname);
      END IF;
      EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', met.relname) INTO filled;
      IF filled THEN
        occupied := occupied || met.relname::text;
      END IF;
    END IF;
  END LOOP;
  PERFORM set_config('prodmatic.occupied', array_to_string(occupied, ', '), true),
          set_config('prodmatic.foreign', array_to_string(foreigns, ', '), true);
END
$$"#;

pub const OCCUPIED: &str = "SELECT current_setting('prodmatic.occupied'), current_setting('prodmatic.foreign')";

/// Removes all that is in the schema but for what belongs to extensions.
pub const CLEAR: &str = r#"
DO $$
DECLARE
  found text;
BEGIN
  -- Put together beforehand: what is removed first takes others along.
  FOREACH found IN ARRAY ARRAY(
    SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE c.relkind
             WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.relname)
      FROM pg_class c
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', t.typname)
      FROM pg_type t
     WHERE t.typtype IN ('e', 'd') AND t.typnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('DROP SEQUENCE IF EXISTS public.%I CASCADE', c.relname)
      FROM pg_class c WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
  LOOP
    EXECUTE found;
  END LOOP;
END
$$"#;

/// Rows arrive as they were: no trigger of ours changes or records them, no order of tables matters, and their owner may
/// write them. Keys to other tables are taken away and put back, which looks at all rows at once.
pub const OPEN: &str = r#"
DO $$
DECLARE
  step text;
BEGIN
  CREATE TEMP TABLE restore_steps ON COMMIT DROP AS
    SELECT 1 AS place, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS step,
           format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS before
      FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 2, format('ALTER TABLE %s ENABLE TRIGGER USER', c.oid::regclass), format('ALTER TABLE %s DISABLE TRIGGER USER', c.oid::regclass)
      FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 3, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass),
           format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', c.oid::regclass)
      FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relforcerowsecurity;
  FOREACH step IN ARRAY ARRAY(SELECT s.before FROM pg_temp.restore_steps s ORDER BY s.place) LOOP
    EXECUTE step;
  END LOOP;
END
$$"#;

/// What a migration has written by itself is in the backup too.
pub const EMPTY: &str = r#"
DO $$
DECLARE
  found name;
BEGIN
  FOR found IN
    SELECT c.relname FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DELETE FROM public.%I', found);
  END LOOP;
END
$$"#;

/// The statement that takes in the rows of table `$1` with the columns `$2`.
pub const COPY_IN: &str = r#"
SELECT format('COPY public.%I (%s) FROM STDIN', $1::text, string_agg(quote_ident(name), ', ' ORDER BY place))
  FROM unnest($2::text[]) WITH ORDINALITY AS columns (name, place)"#;

/// What waits for them is kept.
pub const WEBHOOKS_OFF: &str = r#"UPDATE public."Webhook" SET active = false WHERE active"#;

/// Puts back what `OPEN` has taken away, and lets numbers go on behind those that are there.
pub const CLOSE: &str = r#"
DO $$
DECLARE
  step text;
BEGIN
  FOR step IN
    SELECT format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM public.%I',
                  pg_get_serial_sequence(format('public.%I', c.relname), a.attname), a.attname, c.relname)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       AND pg_get_serial_sequence(format('public.%I', c.relname), a.attname) IS NOT NULL
  LOOP
    EXECUTE step;
  END LOOP;
  FOREACH step IN ARRAY ARRAY(SELECT s.step FROM pg_temp.restore_steps s ORDER BY s.place) LOOP
    EXECUTE step;
  END LOOP;
END
$$"#;
