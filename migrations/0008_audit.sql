-- The audit log: each change of a tenant's row, written by the change's own transaction, and the
-- events that no row tells of.

-- Time-ordered like the ids that the server makes, and to the microsecond, so that the changes of
-- one transaction keep their order: 'c', microseconds in base 16, then chance.
CREATE FUNCTION new_audit_id() RETURNS text
LANGUAGE sql VOLATILE
AS $$
  SELECT 'c' || lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000000)::bigint), 14, '0')
             || lpad(to_hex((random() * 1099511627775)::bigint), 10, '0')
$$;

-- The transaction that wrote the row. A reader of the log's tail compares it with its snapshot and
-- so misses no row that is committed late.
ALTER TABLE "AuditLog" ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

-- An event in the organisation of the transaction: one of those that are named here, since one that was
-- named like the change of a row would pass for it.
CREATE FUNCTION audit_event(p_action text, p_entity_type text, p_entity_id text, p_metadata jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  IF p_action IS NULL OR p_action NOT IN ('access.refused', 'audit.exported', 'product.exported', 'product.imported') THEN
    RAISE '% is not among the events that audit_event writes', p_action;
  END IF;
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), p_action, p_entity_type, p_entity_id, nullif(current_setting('app.user_id', true), ''), o.id, p_metadata,
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "Organization" o WHERE o.id = current_setting('app.organization_id', true);
END
$$;

-- An event about a person, such as user.signed_in, in each live organisation that they belong to.
CREATE FUNCTION audit_person(p_user text, p_action text, p_metadata jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  IF p_action IS NULL OR p_action NOT LIKE 'user.%' THEN
    RAISE '% is not among the events that audit_person writes', p_action;
  END IF;
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), p_action, 'User', p_user, p_user, m."organizationId", p_metadata,
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
   WHERE m."userId" = p_user AND o."deletedAt" IS NULL;
END
$$;

-- A document may be megabytes long; the log keeps how such a text began.
CREATE FUNCTION audit_shortened(side jsonb) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
  SELECT jsonb_object_agg(key, CASE WHEN octet_length(value::text) <= 40000 THEN value
           ELSE to_jsonb(left(value #>> '{}', 1000) || '… (' || char_length(value #>> '{}') || ' characters)') END)
    FROM jsonb_each(side)
$$;

-- Writes the change of a row into the log. Arguments: the word for the thing in the action's name;
-- for a table that joins two things also the type of the one whose log this is, its column, and the
-- word and the column of the other.
CREATE FUNCTION audit_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  -- What every row has and tells nothing, and what nobody may read, not even in the log.
  noise   CONSTANT text[] := '{id,createdAt,updatedAt,organizationId,rank,boardColumn,replacedTokenHashes}';
  secrets CONSTANT text[] := '{password,secret,tokenHash,mailedTokenHash,replacedTokenHashes,sealedToken,sessionToken,access_token,refresh_token,id_token,session_state}';
  hidden  CONSTANT text[] := '{id,createdAt,updatedAt,organizationId,rank,boardColumn,password,secret,tokenHash,mailedTokenHash,replacedTokenHashes,sealedToken,sessionToken,access_token,refresh_token,id_token,session_state}';
  thing   CONSTANT text := TG_ARGV[0];
  joined  CONSTANT text := TG_ARGV[3];
  person  text := nullif(current_setting('app.user_id', true), '');
  tenant  text;
  any_row jsonb;
  old_row jsonb;
  before  jsonb;
  after   jsonb;
  verb    text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    any_row := to_jsonb(NEW);
    after := any_row - hidden;
    verb := CASE WHEN thing <> 'member' THEN 'created' WHEN after ->> 'userId' = person THEN 'joined' ELSE 'added' END;
  ELSIF TG_OP = 'DELETE' THEN
    any_row := to_jsonb(OLD);
    before := any_row - hidden;
    verb := CASE WHEN thing <> 'member' THEN 'deleted' WHEN before ->> 'userId' = person THEN 'left' ELSE 'removed' END;
  ELSE
    any_row := to_jsonb(NEW);
    old_row := to_jsonb(OLD);
    SELECT jsonb_object_agg(key, old_row -> key), jsonb_object_agg(key, value) INTO before, after
      FROM jsonb_each(any_row - noise) WHERE value IS DISTINCT FROM old_row -> key;
    IF after IS NULL THEN
      RETURN NULL;
    END IF;
    verb := CASE
      WHEN after ->> 'deletedAt' IS NOT NULL AND before ->> 'deletedAt' IS NULL THEN 'deleted'
      WHEN before ->> 'deletedAt' IS NOT NULL AND after ->> 'deletedAt' IS NULL THEN 'restored'
      WHEN after ? 'acceptedAt' THEN 'accepted'
      WHEN after ? 'revokedAt' THEN 'revoked'
      WHEN after ? 'tokenHash' THEN 'resent'
      WHEN after ? 'status' THEN 'status_changed'
      WHEN after ? 'lifecycle' THEN 'lifecycle_changed'
      WHEN after ? 'role' THEN 'role_changed'
      WHEN after ? 'teamId' THEN 'team_changed'
      ELSE 'updated' END;
    IF after ?| secrets THEN
      before := before - secrets;
      after := after - secrets || (SELECT jsonb_object_agg(name, 'changed') FROM unnest(secrets) name WHERE after ? name);
    END IF;
  END IF;

  IF joined IS NOT NULL THEN
    before := before - '{A,B}'::text[] || jsonb_build_object(joined || 'Id', before -> TG_ARGV[4]);
    after := after - '{A,B}'::text[] || jsonb_build_object(joined || 'Id', after -> TG_ARGV[4]);
    verb := joined || CASE TG_OP WHEN 'INSERT' THEN '_added' WHEN 'DELETE' THEN '_removed' ELSE '_changed' END;
  END IF;

  tenant := any_row ->> CASE TG_TABLE_NAME WHEN 'Organization' THEN 'id' ELSE 'organizationId' END;
  IF TG_OP <> 'INSERT' THEN
    -- An organisation that is removed takes its log along; what is removed with it has no log to go to.
    IF NOT EXISTS (SELECT FROM "Organization" WHERE id = tenant) THEN
      RETURN NULL;
    END IF;
    -- The person may be the very one who is being removed.
    person := (SELECT id FROM "User" WHERE id = person);
  END IF;

  IF pg_column_size(coalesce(after, before)) > 40000 OR pg_column_size(before) > 40000 THEN
    before := audit_shortened(before);
    after := audit_shortened(after);
  END IF;

  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  VALUES (new_audit_id(), thing || '.' || verb, coalesce(TG_ARGV[1], TG_TABLE_NAME), any_row ->> coalesce(TG_ARGV[2], 'id'),
          person, tenant,
          CASE WHEN before IS NULL THEN jsonb_build_object('after', after)
               WHEN after IS NULL THEN jsonb_build_object('before', before)
               ELSE jsonb_build_object('before', before, 'after', after) END,
          nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), ''));
  RETURN NULL;
END
$$;

DO $$
DECLARE
  watched record;
BEGIN
  FOR watched IN
    SELECT * FROM (VALUES
      ('Organization',        '''organization'''),
      ('Product',             '''product'''),
      ('Team',                '''team'''),
      ('Membership',          '''member'''),
      ('Invitation',          '''invitation'''),
      ('Idea',                '''idea'''),
      ('Feature',             '''feature'''),
      ('Epic',                '''epic'''),
      ('Release',             '''release'''),
      ('Changelog',           '''changelog'''),
      ('LaunchChecklistItem', '''launch_checklist_item'''),
      ('Task',                '''task'''),
      ('Document',            '''document'''),
      ('OKR',                 '''okr'''),
      ('KeyResult',           '''key_result'''),
      ('KPI',                 '''kpi'''),
      ('KPIDataPoint',        '''kpi_data_point'''),
      ('Experiment',          '''experiment'''),
      ('Feedback',            '''feedback'''),
      ('Webhook',             '''webhook'''),
      ('_ProductToTeam',      '''product'', ''Product'', ''A'', ''team'', ''B'''),
      ('_IdeaToFeature',      '''idea'', ''Idea'', ''B'', ''feature'', ''A'''),
      ('_FeatureToRelease',   '''release'', ''Release'', ''B'', ''feature'', ''A''')
    ) AS v (name, arguments)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%s)',
      watched.name, watched.arguments);
  END LOOP;
END
$$;

-- One index for each filter of the log's page, so that a page is one range of one index however long
-- the log is. Ascending, because rows come in that order and then fill an index's pages well; each
-- key is another, so looking for equal ones to fold would be work for nothing.
CREATE INDEX "AuditLog_page_user_idx" ON "AuditLog" ("userId", "createdAt", id)
  WITH (deduplicate_items = off);
CREATE INDEX "AuditLog_page_entity_idx" ON "AuditLog" ("organizationId", "entityType", "createdAt", id)
  WITH (deduplicate_items = off);
CREATE INDEX "AuditLog_page_action_idx" ON "AuditLog" ("organizationId", action, "createdAt", id)
  WITH (deduplicate_items = off);

-- Only the functions above write the log, so no statement of the application can forge a change.
REVOKE INSERT ON "AuditLog" FROM prodmatic_app;

-- Whoever may run the trigger's function could hang it on a table of their own and so forge the log.
REVOKE ALL ON FUNCTION audit_row() FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_event(text, text, text, jsonb), audit_person(text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_event(text, text, text, jsonb), audit_person(text, text, jsonb) TO prodmatic_app, prodmatic_system;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION audit_row() OWNER TO prodmatic_system;
ALTER FUNCTION audit_event(text, text, text, jsonb) OWNER TO prodmatic_system;
ALTER FUNCTION audit_person(text, text, jsonb) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
