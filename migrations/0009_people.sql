-- People: who is asked to join, who joins, and who has to stay.

-- Two tokens lead to one invitation. The mailed one proves that its holder reads that mailbox; the
-- other is shown to the inviter to pass on by hand, and proves nothing about the address. That one is
-- kept under the installation's key for as long as it can still be shown.
ALTER TABLE "Invitation"
  ADD COLUMN "mailedTokenHash" text,
  ADD COLUMN "sealedToken" text,
  ADD CONSTRAINT "Invitation_mailedTokenHash_key" UNIQUE ("mailedTokenHash"),
  ADD CONSTRAINT invitation_sealed_token_pending
    CHECK ("sealedToken" IS NULL OR ("acceptedAt" IS NULL AND "revokedAt" IS NULL));

-- An index cannot ask what time it is, so one that has run out still holds the place: inviting again renews it.
CREATE UNIQUE INDEX invitation_pending_email_key ON "Invitation" ("organizationId", lower(email))
  WHERE "acceptedAt" IS NULL AND "revokedAt" IS NULL;

CREATE TYPE "InvitationState" AS ENUM ('PENDING', 'EXPIRED', 'ACCEPTED', 'REVOKED', 'CLOSED');

-- CLOSED: the organisation has been deleted.
CREATE FUNCTION invitation_state(i "Invitation") RETURNS "InvitationState"
LANGUAGE sql STABLE
AS $$
  SELECT (CASE
    WHEN i."acceptedAt" IS NOT NULL THEN 'ACCEPTED'
    WHEN i."revokedAt" IS NOT NULL THEN 'REVOKED'
    WHEN NOT EXISTS (SELECT FROM "Organization" o WHERE o.id = i."organizationId" AND o."deletedAt" IS NULL) THEN 'CLOSED'
    WHEN i."expiresAt" <= now() THEN 'EXPIRED'
    ELSE 'PENDING'
  END)::"InvitationState"
$$;

-- What the holder of a token is told. They are no member yet, so row security hides the row from them;
-- nothing but a token that was given to them opens it. Whether the address has an account is told to the
-- holder of the mailed one alone: an inviter could ask about any address by the other.
CREATE FUNCTION invitation_by_token(p_token_hash text)
RETURNS TABLE (
  email             text,
  role              "Role",
  message           text,
  state             "InvitationState",
  organization_name text,
  team_name         text,
  inviter_name      text,
  has_account       boolean
)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = public, pg_temp
AS $$
  SELECT i.email, i.role, i.message, invitation_state(i), o.name, t.name, u.name,
         i."mailedTokenHash" IS NOT DISTINCT FROM p_token_hash
           AND EXISTS (SELECT FROM "User" known WHERE lower(known.email) = lower(i.email))
    FROM "Invitation" i
    JOIN "Organization" o ON o.id = i."organizationId"
    LEFT JOIN "Team" t ON t.id = i."teamId" AND t."deletedAt" IS NULL
    LEFT JOIN "User" u ON u.id = i."invitedById"
   WHERE i."tokenHash" = p_token_hash OR i."mailedTokenHash" = p_token_hash
$$;

-- Makes the person a member. There is no row for an unknown token, and no slug unless it was accepted now: then the
-- state says why not; PENDING says that the invitation is for another address.
--
-- The row is locked first, so that of several acceptances at once the later ones find it used. From here on
-- the transaction belongs to the organisation and the person, for the audit log.
CREATE FUNCTION accept_invitation(p_token_hash text, p_user_id text, p_membership_id text)
RETURNS TABLE (state "InvitationState", organization_slug text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
SET search_path = public, pg_temp
AS $$
DECLARE
  invitation "Invitation";
BEGIN
  SELECT i.* INTO invitation FROM "Invitation" i
   WHERE i."tokenHash" = p_token_hash OR i."mailedTokenHash" = p_token_hash
     FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  state := invitation_state(invitation);
  IF state = 'PENDING' AND EXISTS (
       SELECT FROM "User" u WHERE u.id = p_user_id AND lower(u.email) = lower(invitation.email)) THEN
    PERFORM set_config('app.organization_id', invitation."organizationId", true),
            set_config('app.user_id', p_user_id, true);
    -- Who is a member already keeps the role that they have.
    INSERT INTO "Membership" (id, "userId", "organizationId", "teamId", role)
    VALUES (p_membership_id, p_user_id, invitation."organizationId",
            (SELECT t.id FROM "Team" t WHERE t.id = invitation."teamId" AND t."deletedAt" IS NULL), invitation.role)
    ON CONFLICT ("userId", "organizationId") DO NOTHING;
    UPDATE "Invitation" SET "acceptedAt" = now(), "sealedToken" = NULL WHERE id = invitation.id;
    IF invitation."mailedTokenHash" = p_token_hash THEN
      UPDATE "User" SET "emailVerified" = now() WHERE id = p_user_id AND "emailVerified" IS NULL;
    END IF;
    SELECT o.slug INTO organization_slug FROM "Organization" o WHERE o.id = invitation."organizationId";
  END IF;
  RETURN NEXT;
END
$$;

-- A live organisation is never left without an administrator, whichever client writes. The organisation's row
-- is locked before the others are counted, so that of two who go at the same moment the second sees the first gone.
-- What a removed organisation or a removed person takes along passes.
--
-- It runs after the change and not before it, so that row security has its say first.
CREATE FUNCTION keep_an_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  PERFORM FROM "Organization" WHERE id = OLD."organizationId" AND "deletedAt" IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM "User" WHERE id = OLD."userId") THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM "Membership" WHERE "organizationId" = OLD."organizationId" AND role = 'ADMIN') THEN
    RAISE check_violation USING
      MESSAGE = 'an organisation needs an administrator',
      SCHEMA = TG_TABLE_SCHEMA,
      TABLE = TG_TABLE_NAME,
      CONSTRAINT = 'membership_last_admin';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER keep_an_admin_on_update AFTER UPDATE ON "Membership" FOR EACH ROW
  WHEN (OLD.role = 'ADMIN' AND (NEW.role <> 'ADMIN' OR NEW."organizationId" <> OLD."organizationId"))
  EXECUTE FUNCTION keep_an_admin();
CREATE TRIGGER keep_an_admin_on_delete AFTER DELETE ON "Membership" FOR EACH ROW
  WHEN (OLD.role = 'ADMIN') EXECUTE FUNCTION keep_an_admin();

REVOKE ALL ON FUNCTION invitation_by_token(text), accept_invitation(text, text, text), keep_an_admin() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation_by_token(text), accept_invitation(text, text, text) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION invitation_by_token(text) OWNER TO prodmatic_system;
ALTER FUNCTION accept_invitation(text, text, text) OWNER TO prodmatic_system;
ALTER FUNCTION keep_an_admin() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
