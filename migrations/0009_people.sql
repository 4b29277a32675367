-- People: who is asked to join, who joins, and who has to stay.

-- Two tokens lead to one invitation. The mailed one proves that its holder reads that mailbox; the
-- other is shown to the inviter to pass on by hand, and proves nothing about the address. That one is
-- kept under the installation's key for as long as it can still be shown. Tokens that newer ones have
-- taken the place of open nothing; whoever holds one is told so.
ALTER TABLE "Invitation"
  ADD COLUMN "mailedTokenHash" text,
  ADD COLUMN "replacedTokenHashes" text[] NOT NULL DEFAULT '{}',
  ADD COLUMN "sealedToken" text,
  ADD CONSTRAINT "Invitation_mailedTokenHash_key" UNIQUE ("mailedTokenHash"),
  ADD CONSTRAINT invitation_sealed_token_pending
    CHECK ("sealedToken" IS NULL OR ("acceptedAt" IS NULL AND "revokedAt" IS NULL));

-- An index cannot ask what time it is, so one that has run out still holds the place: inviting again renews it.
CREATE UNIQUE INDEX invitation_pending_email_key ON "Invitation" ("organizationId", lower(email))
  WHERE "acceptedAt" IS NULL AND "revokedAt" IS NULL;

-- What waits for an address, in any organisation.
CREATE INDEX invitation_pending_address_idx ON "Invitation" (lower(email))
  WHERE "acceptedAt" IS NULL AND "revokedAt" IS NULL;
CREATE INDEX invitation_replaced_tokens_idx ON "Invitation" USING gin ("replacedTokenHashes");

CREATE TYPE "InvitationState" AS ENUM ('PENDING', 'EXPIRED', 'ACCEPTED', 'REVOKED', 'CLOSED', 'REPLACED');

-- CLOSED: the organisation has been deleted. REPLACED is said of a link alone, not of the invitation.
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

-- The tokens that a new link takes the place of; the last few are remembered.
CREATE FUNCTION replaced_tokens(i "Invitation") RETURNS text[]
LANGUAGE sql IMMUTABLE
AS $$
  SELECT (array_remove(ARRAY[i."tokenHash", i."mailedTokenHash"], NULL) || i."replacedTokenHashes")[1:20]
$$;

-- The same to the holder of a token.
CREATE FUNCTION invitation_state_for(i "Invitation", p_token_hash text) RETURNS "InvitationState"
LANGUAGE sql STABLE
AS $$
  SELECT CASE WHEN p_token_hash = ANY (i."replacedTokenHashes") AND invitation_state(i) IN ('PENDING', 'EXPIRED')
    THEN 'REPLACED' ELSE invitation_state(i) END
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
  SELECT i.email, i.role, i.message, invitation_state_for(i, p_token_hash), o.name, t.name, u.name,
         i."mailedTokenHash" IS NOT DISTINCT FROM p_token_hash
           AND EXISTS (SELECT FROM "User" known WHERE lower(known.email) = lower(i.email))
    FROM "Invitation" i
    JOIN "Organization" o ON o.id = i."organizationId"
    LEFT JOIN "Team" t ON t.id = i."teamId" AND t."deletedAt" IS NULL
    LEFT JOIN "User" u ON u.id = i."invitedById"
   WHERE i."tokenHash" = p_token_hash OR i."mailedTokenHash" = p_token_hash OR i."replacedTokenHashes" @> ARRAY[p_token_hash]
$$;

-- Makes the person a member; gives the organisation's slug. The invitation is locked and found to be theirs before. From here
-- on the transaction belongs to the organisation and the person, for the audit log.
CREATE FUNCTION join_by_invitation(invitation "Invitation", p_user_id text, p_membership_id text) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = public, pg_temp
AS $$
BEGIN
  PERFORM set_config('app.organization_id', invitation."organizationId", true),
          set_config('app.user_id', p_user_id, true);
  -- Who is a member already keeps the role that they have.
  INSERT INTO "Membership" (id, "userId", "organizationId", "teamId", role)
  VALUES (p_membership_id, p_user_id, invitation."organizationId",
          (SELECT t.id FROM "Team" t WHERE t.id = invitation."teamId" AND t."deletedAt" IS NULL), invitation.role)
  ON CONFLICT ("userId", "organizationId") DO NOTHING;
  UPDATE "Invitation" SET "acceptedAt" = now(), "sealedToken" = NULL WHERE id = invitation.id;
  RETURN (SELECT o.slug FROM "Organization" o WHERE o.id = invitation."organizationId");
END
$$;

-- Makes the person a member. There is no row for an unknown token, and no slug unless it was accepted now: then the
-- state says why not; PENDING says that the invitation is for another address.
--
-- The row is locked first, so that of several acceptances at once the later ones find it used.
CREATE FUNCTION accept_invitation(p_token_hash text, p_user_id text, p_membership_id text)
RETURNS TABLE (state "InvitationState", organization_slug text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
SET search_path = public, pg_temp
AS $$
DECLARE
  invitation "Invitation";
BEGIN
  SELECT i.* INTO invitation FROM "Invitation" i
   WHERE i."tokenHash" = p_token_hash OR i."mailedTokenHash" = p_token_hash OR i."replacedTokenHashes" @> ARRAY[p_token_hash]
     FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  state := invitation_state_for(invitation, p_token_hash);
  IF state = 'PENDING' AND EXISTS (
       SELECT FROM "User" u WHERE u.id = p_user_id AND lower(u.email) = lower(invitation.email)) THEN
    organization_slug := join_by_invitation(invitation, p_user_id, p_membership_id);
    IF invitation."mailedTokenHash" = p_token_hash THEN
      UPDATE "User" SET "emailVerified" = now() WHERE id = p_user_id AND "emailVerified" IS NULL;
    END IF;
  END IF;
  RETURN NEXT;
END
$$;

-- The invitations that wait for the person of this transaction, in any organisation. It is their address that opens them, so
-- they have to have shown that it is theirs.
CREATE FUNCTION own_invitations()
RETURNS TABLE (id text, organization_name text, inviter_name text, role "Role")
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT i.id, o.name, u.name, i.role
    FROM "User" me
    JOIN "Invitation" i ON lower(i.email) = lower(me.email) AND i."acceptedAt" IS NULL AND i."revokedAt" IS NULL
    JOIN "Organization" o ON o.id = i."organizationId"
    LEFT JOIN "User" u ON u.id = i."invitedById"
   WHERE me.id = nullif(current_setting('app.user_id', true), '') AND me."emailVerified" IS NOT NULL
     AND invitation_state(i) = 'PENDING'
   ORDER BY i."createdAt" DESC, i.id LIMIT 50
$$;

-- Accepts one of them; gives the organisation's slug, or nothing for what is not theirs or not open any more.
CREATE FUNCTION accept_own_invitation(p_invitation_id text, p_membership_id text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  invitation "Invitation";
BEGIN
  PERFORM FROM "Invitation" i WHERE i.id = p_invitation_id AND i.id IN (SELECT own.id FROM own_invitations() own) FOR UPDATE OF i;
  -- Asked again, now that nobody else can accept or revoke it.
  SELECT i.* INTO invitation FROM "Invitation" i
   WHERE i.id = p_invitation_id AND i.id IN (SELECT own.id FROM own_invitations() own);
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN join_by_invitation(invitation, current_setting('app.user_id', true), p_membership_id);
END
$$;

-- A live organisation is never left without an administrator, whichever client writes. The organisation's row
-- is locked before the others are counted, so that of two who go at the same moment the second sees the first gone;
-- it is locked deleted or not, so that one who goes while it is brought back sees it live.
-- What a removed organisation or a removed person takes along passes.
--
-- It runs after the change and not before it, so that row security has its say first.
CREATE FUNCTION keep_an_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
  live boolean;
BEGIN
  SELECT "deletedAt" IS NULL INTO live FROM "Organization" WHERE id = OLD."organizationId" FOR NO KEY UPDATE;
  IF live IS NOT TRUE OR NOT EXISTS (SELECT FROM "User" WHERE id = OLD."userId") THEN
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

-- Whoever is an administrator no more has no open invitations either: they could have made one for an address of
-- their own, and come back by it as what they were.
CREATE FUNCTION revoke_invitations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  UPDATE "Invitation" SET "revokedAt" = now(), "sealedToken" = NULL
   WHERE "organizationId" = OLD."organizationId" AND "invitedById" = OLD."userId"
     AND "acceptedAt" IS NULL AND "revokedAt" IS NULL
     AND EXISTS (SELECT FROM "Organization" WHERE id = OLD."organizationId");
  RETURN NULL;
END
$$;

CREATE TRIGGER revoke_invitations_on_update AFTER UPDATE ON "Membership" FOR EACH ROW
  WHEN (OLD.role = 'ADMIN' AND (NEW.role <> 'ADMIN' OR NEW."organizationId" <> OLD."organizationId"))
  EXECUTE FUNCTION revoke_invitations();
CREATE TRIGGER revoke_invitations_on_delete AFTER DELETE ON "Membership" FOR EACH ROW
  WHEN (OLD.role = 'ADMIN') EXECUTE FUNCTION revoke_invitations();

REVOKE ALL ON FUNCTION invitation_by_token(text), accept_invitation(text, text, text), own_invitations(),
  accept_own_invitation(text, text), join_by_invitation("Invitation", text, text), keep_an_admin(), revoke_invitations() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation_by_token(text), accept_invitation(text, text, text), own_invitations(),
  accept_own_invitation(text, text) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION invitation_by_token(text) OWNER TO prodmatic_system;
ALTER FUNCTION accept_invitation(text, text, text) OWNER TO prodmatic_system;
ALTER FUNCTION own_invitations() OWNER TO prodmatic_system;
ALTER FUNCTION accept_own_invitation(text, text) OWNER TO prodmatic_system;
ALTER FUNCTION join_by_invitation("Invitation", text, text) OWNER TO prodmatic_system;
ALTER FUNCTION keep_an_admin() OWNER TO prodmatic_system;
ALTER FUNCTION revoke_invitations() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
