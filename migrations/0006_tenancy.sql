-- Row security: the third wall between tenants, after the application's own check and the WHERE.

-- Roles belong to the whole cluster, and several databases of one cluster may be migrated at the
-- same time, so losing the race to create or grant one is as good as winning it. Where they exist
-- and are granted already, the migrating role needs no right to create roles.
DO $$
DECLARE
  name    text;
  needed  CONSTANT text :=
    CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  FOREACH name IN ARRAY ARRAY['prodmatic_app', 'prodmatic_system'] LOOP
    FOR attempt IN 1..10 LOOP
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
          EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        END IF;
        IF NOT pg_has_role(current_user, name, needed) THEN
          EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
        EXIT;
      EXCEPTION
        -- internal_error is how Postgres reports "tuple concurrently updated".
        WHEN duplicate_object OR unique_violation OR internal_error THEN
          IF attempt = 10 THEN
            RAISE;
          END IF;
          PERFORM pg_sleep(0.05 * attempt);
      END;
    END LOOP;
  END LOOP;
  -- Somebody else may have made the roles; one that row security does not bind is worth nothing here.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname IN ('prodmatic_app', 'prodmatic_system')
                                    AND (rolsuper OR rolbypassrls)) THEN
    RAISE 'prodmatic_app and prodmatic_system must be neither SUPERUSER nor BYPASSRLS';
  END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO prodmatic_app, prodmatic_system;

-- People and their sessions belong to no tenant, so these tables have no row security: who may see
-- whom is decided by the application.
GRANT SELECT, INSERT, UPDATE, DELETE
  ON "User", "UserProfile", "Account", "Session", "SignInFailure"
  TO prodmatic_app, prodmatic_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO prodmatic_app, prodmatic_system;

-- The policies compare a bare column with one stable value, by an operator that is leakproof, so
-- the comparison can start an index scan. An unset or empty setting matches no row.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'Product', 'Team', '_ProductToTeam', 'Membership', 'Invitation',
    'Idea', 'Feature', '_IdeaToFeature', 'Epic', 'Release', '_FeatureToRelease', 'Changelog',
    'LaunchChecklistItem', 'Task', 'Document', 'OKR', 'KeyResult', 'KPI', 'KPIDataPoint',
    'Experiment', 'Feedback', 'Webhook', 'WebhookDelivery', 'AuditLog']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', name);
    EXECUTE format(
      'CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', name);
  END LOOP;
END
$$;

ALTER TABLE "Organization" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "Organization"
  USING (id = current_setting('app.organization_id', true))
  WITH CHECK (id = current_setting('app.organization_id', true));
CREATE POLICY system ON "Organization" TO prodmatic_system USING (true) WITH CHECK (true);

-- A request only ever puts an organisation in the bin; removing it with all that it holds is a job
-- for the system role.
GRANT SELECT, INSERT, UPDATE ON "Organization" TO prodmatic_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "Organization" TO prodmatic_system;

-- A log that the application could rewrite would prove nothing.
REVOKE UPDATE, DELETE ON "AuditLog" FROM prodmatic_app;

-- A person chooses among their own organisations before any tenant is chosen.
CREATE POLICY own ON "Membership" FOR SELECT
  USING ("userId" = current_setting('app.user_id', true));
CREATE POLICY own ON "Organization" FOR SELECT
  USING (id IN (
    SELECT m."organizationId" FROM "Membership" m
    WHERE m."userId" = current_setting('app.user_id', true)));
