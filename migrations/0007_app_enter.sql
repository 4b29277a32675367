-- How a request comes in: one round trip finds the session, the person, the organisation and the
-- role, and sets what row security and the audit log read for the rest of the transaction.
--
-- It must see sessions and memberships before any tenant is chosen, so it runs with the system
-- role's rights. It tells a stranger nothing: without a live session there is no row, and an
-- organisation that the person is not in looks exactly like one that does not exist.
CREATE FUNCTION app_enter(p_token_hash text, p_slug text, p_ip text, p_user_agent text)
RETURNS TABLE (
  session_id            text,
  user_id               text,
  email                 text,
  name                  text,
  image                 text,
  organization_id       text,
  organization_name     text,
  organization_slug     text,
  organization_settings jsonb,
  role                  "Role"
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
SET search_path = public, pg_temp
AS $$
DECLARE
  last_used timestamptz;
BEGIN
  SELECT s.id, s."lastUsedAt", u.id, u.email, u.name, u.image, o.id, o.name, o.slug, o.settings, o.role
    INTO session_id, last_used, user_id, email, name, image,
         organization_id, organization_name, organization_slug, organization_settings, role
    FROM "Session" s
    JOIN "User" u ON u.id = s."userId"
    LEFT JOIN LATERAL (
      SELECT org.id, org.name, org.slug, org.settings, m.role
        FROM "Organization" org
        JOIN "Membership" m ON m."organizationId" = org.id AND m."userId" = u.id
       WHERE org.slug = p_slug AND org."deletedAt" IS NULL
    ) o ON true
   WHERE s."sessionToken" = p_token_hash AND s.expires > now();

  -- Set even when nothing was found, so that no earlier value of this transaction lives on.
  PERFORM set_config('app.user_id', coalesce(user_id, ''), true),
          set_config('app.organization_id', coalesce(organization_id, ''), true),
          set_config('app.ip_address', coalesce(p_ip, ''), true),
          set_config('app.user_agent', coalesce(p_user_agent, ''), true);

  IF session_id IS NULL THEN
    RETURN;
  END IF;

  -- Once a minute is enough for "last used", and spares a write on each request. A row that another
  -- request of the same person holds is passed over: waiting for it would make every request of that
  -- person queue behind their slowest one.
  IF last_used IS NULL OR last_used < now() - interval '1 minute' THEN
    IF NOT current_setting('transaction_read_only')::boolean THEN
      UPDATE "Session" SET "lastUsedAt" = now()
       WHERE id IN (SELECT s.id FROM "Session" s WHERE s.id = session_id
                    FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
  END IF;

  RETURN NEXT;
END
$$;

REVOKE ALL ON FUNCTION app_enter(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_enter(text, text, text, text) TO prodmatic_app;

-- A migrating role that is no superuser may hand a function only to a role that could have created
-- it, and the system role must not be able to create anything later.
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION app_enter(text, text, text, text) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
