-- The audit log.

-- Time-ordered like the ids that the server makes: 'c', milliseconds in base 16, then chance.
CREATE FUNCTION new_audit_id() RETURNS text
LANGUAGE sql VOLATILE
AS $$
  SELECT 'c' || lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
             || substr(replace(gen_random_uuid()::text, '-', ''), 1, 14)
$$;

-- An event in the organisation of the transaction.
CREATE FUNCTION audit_event(p_action text, p_entity_type text, p_entity_id text, p_metadata jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), p_action, p_entity_type, p_entity_id, nullif(current_setting('app.user_id', true), ''), o.id, p_metadata,
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "Organization" o WHERE o.id = current_setting('app.organization_id', true)
$$;

-- An event about a person, in each live organisation that they belong to.
CREATE FUNCTION audit_person(p_user text, p_action text, p_metadata jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), p_action, 'User', p_user, p_user, m."organizationId", p_metadata,
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
   WHERE m."userId" = p_user AND o."deletedAt" IS NULL
$$;

REVOKE ALL ON FUNCTION audit_event(text, text, text, jsonb), audit_person(text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_event(text, text, text, jsonb), audit_person(text, text, jsonb) TO prodmatic_app, prodmatic_system;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION audit_event(text, text, text, jsonb) OWNER TO prodmatic_system;
ALTER FUNCTION audit_person(text, text, jsonb) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
