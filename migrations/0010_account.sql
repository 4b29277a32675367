-- Mail, the links in it, pictures, and the end of an account. None of these tables belongs to a
-- tenant: they serve people, who may be in many organisations.

-- Mail is written in the transaction of what it tells of and sent afterwards. What it says, and to
-- whom, is sealed with the installation's key: a link in it opens an account.
CREATE TABLE "Mail" (
  id          text PRIMARY KEY,
  sealed      text NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  "nextTryAt" timestamptz(3) NOT NULL DEFAULT now(),
  "createdAt" timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT mail_attempts_range CHECK (attempts BETWEEN 0 AND 100)
);
CREATE INDEX "Mail_nextTryAt_idx" ON "Mail" ("nextTryAt");

-- Links that were mailed. As with sessions, only the token's hash is kept. A row outlives its use,
-- for mails are counted here and a used link has to say that it was used.
CREATE TABLE "AccountToken" (
  id          text PRIMARY KEY,
  "userId"    text NOT NULL,
  purpose     text NOT NULL,
  "tokenHash" text NOT NULL,
  email       text NOT NULL,
  "expiresAt" timestamptz(3) NOT NULL,
  "usedAt"    timestamptz(3),
  "createdAt" timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "AccountToken_tokenHash_key" UNIQUE ("tokenHash"),
  CONSTRAINT "AccountToken_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT account_token_purpose CHECK (purpose IN ('VERIFY', 'CHANGE', 'RESET'))
);
CREATE INDEX "AccountToken_userId_createdAt_idx" ON "AccountToken" ("userId", "createdAt");
CREATE INDEX "AccountToken_email_createdAt_idx" ON "AccountToken" (email, "createdAt");

-- Whom an invitation was mailed to within a day, and by whom: what a stranger is mailed has to be
-- counted over all organisations, since anybody may make one.
CREATE TABLE "InvitationMail" (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email       text NOT NULL,
  "inviterId" text NOT NULL,
  "createdAt" timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX "InvitationMail_email_idx" ON "InvitationMail" (email, "createdAt");
CREATE INDEX "InvitationMail_inviterId_idx" ON "InvitationMail" ("inviterId", "createdAt");
CREATE INDEX "InvitationMail_createdAt_idx" ON "InvitationMail" ("createdAt");
-- Where people have signed in, for longer than a session may last there: what others do to an account does
-- not lock its owner out at these addresses. Those of sessions from before are taken over, but for IPv6,
-- which is kept as the /64 network that only the server works out.
CREATE TABLE "KnownAddress" (
  "userId"    text NOT NULL,
  "ipAddress" text NOT NULL,
  "seenAt"    timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "KnownAddress_pkey" PRIMARY KEY ("userId", "ipAddress"),
  CONSTRAINT "KnownAddress_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO "KnownAddress" ("userId", "ipAddress")
  SELECT DISTINCT "userId", "ipAddress" FROM "Session" WHERE "ipAddress" <> '' AND "ipAddress" NOT LIKE '%:%';

-- Failures that no longer count are found by their time, whoever they were about.
CREATE INDEX "SignInFailure_createdAt_idx" ON "SignInFailure" ("createdAt");

-- A picture by the SHA-256 of its bytes, so that its address can be kept by browsers for good.
CREATE TABLE "Image" (
  id            text PRIMARY KEY,
  bytes         bytea NOT NULL,
  "contentType" text NOT NULL,
  "createdAt"   timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT image_id_shape CHECK (id ~ '^[0-9a-f]{64}$'),
  CONSTRAINT image_size_limit CHECK (octet_length(bytes) BETWEEN 1 AND 1000000),
  CONSTRAINT image_content_type CHECK ("contentType" IN ('image/png', 'image/webp'))
);
CREATE INDEX "User_image_idx" ON "User" (image) WHERE image IS NOT NULL;
CREATE INDEX "Organization_logo_idx" ON "Organization" (logo) WHERE logo IS NOT NULL;

-- A request only ever adds mail; the worker that sends it is the system's.
GRANT INSERT ON "Mail" TO prodmatic_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "Mail" TO prodmatic_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON "AccountToken", "KnownAddress" TO prodmatic_app, prodmatic_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON "InvitationMail" TO prodmatic_system;
GRANT SELECT, INSERT ON "Image" TO prodmatic_app;
GRANT SELECT, INSERT, DELETE ON "Image" TO prodmatic_system;

-- Forgets a picture that nobody shows any more, in whichever organisation.
CREATE FUNCTION drop_unused_image(p_path text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  DELETE FROM "Image"
   WHERE id = substr(p_path, length('/images/') + 1)
     AND NOT EXISTS (SELECT FROM "User" WHERE image = p_path)
     AND NOT EXISTS (SELECT FROM "Organization" WHERE logo = p_path)
$$;

-- Counts a mail to an invited address against the day's share of the address and of the person of this
-- transaction: FREE, or ADDRESS or UNCONFIRMED for whose share is used up. Somebody who has confirmed
-- their own address has no share to keep to. Of two at once the second counts the first.
CREATE FUNCTION count_invitation_mail(p_email text, p_to_address integer, p_by_unconfirmed integer) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  person    CONSTANT text := nullif(current_setting('app.user_id', true), '');
  yesterday CONSTANT timestamptz := now() - interval '1 day';
  confirmed boolean;
BEGIN
  SELECT "emailVerified" IS NOT NULL INTO confirmed FROM "User" WHERE id = person FOR NO KEY UPDATE;
  PERFORM pg_advisory_xact_lock(hashtextextended('invitation ' || lower(p_email), 0));
  IF (SELECT count(*) FROM "InvitationMail" WHERE email = lower(p_email) AND "createdAt" > yesterday) >= p_to_address THEN
    RETURN 'ADDRESS';
  END IF;
  IF confirmed IS NOT TRUE
     AND (SELECT count(*) FROM "InvitationMail" WHERE "inviterId" = person AND "createdAt" > yesterday) >= p_by_unconfirmed THEN
    RETURN 'UNCONFIRMED';
  END IF;
  DELETE FROM "InvitationMail" WHERE id IN (
    SELECT id FROM "InvitationMail" WHERE "createdAt" <= yesterday ORDER BY "createdAt" LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO "InvitationMail" (email, "inviterId") VALUES (lower(p_email), person);
  RETURN 'FREE';
END
$$;

-- The live organisations that would be left without an administrator if the person of this
-- transaction went: by name, and only theirs.
CREATE FUNCTION own_sole_administrations() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT o.name
    FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId"
   WHERE m."userId" = nullif(current_setting('app.user_id', true), '')
     AND m.role = 'ADMIN' AND o."deletedAt" IS NULL
     AND EXISTS (SELECT FROM "Membership" x WHERE x."organizationId" = o.id AND x."userId" <> m."userId")
     AND NOT EXISTS (SELECT FROM "Membership" x
                      WHERE x."organizationId" = o.id AND x."userId" <> m."userId" AND x.role = 'ADMIN')
   ORDER BY o.name, o.id
$$;

-- Takes the person of this transaction out of every organisation; one that is left empty goes into
-- the bin. False, and nothing done, while an organisation needs them as its administrator.
-- Their organisations are locked first, deleted ones too, and then the memberships, in one order for
-- everybody: of two administrators who leave at the same moment, the second then finds that they are
-- the last, and so does one who leaves while a deleted organisation is brought back.
CREATE FUNCTION leave_all_organizations() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  person CONSTANT text := nullif(current_setting('app.user_id', true), '');
BEGIN
  PERFORM FROM "Organization" o
    WHERE o.id IN (SELECT m."organizationId" FROM "Membership" m WHERE m."userId" = person)
    ORDER BY o.id FOR NO KEY UPDATE;
  PERFORM FROM "Membership" x
    WHERE x."organizationId" IN (SELECT m."organizationId" FROM "Membership" m WHERE m."userId" = person)
    ORDER BY x.id FOR UPDATE;
  IF EXISTS (SELECT FROM own_sole_administrations()) THEN
    RETURN false;
  END IF;
  UPDATE "Organization" o SET "deletedAt" = now()
    WHERE o."deletedAt" IS NULL
      AND EXISTS (SELECT FROM "Membership" m WHERE m."organizationId" = o.id AND m."userId" = person)
      AND NOT EXISTS (SELECT FROM "Membership" m WHERE m."organizationId" = o.id AND m."userId" <> person);
  DELETE FROM "Membership" WHERE "userId" = person;
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION drop_unused_image(text), count_invitation_mail(text, integer, integer), own_sole_administrations(),
  leave_all_organizations() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_unused_image(text), count_invitation_mail(text, integer, integer), own_sole_administrations(),
  leave_all_organizations() TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION drop_unused_image(text) OWNER TO prodmatic_system;
ALTER FUNCTION count_invitation_mail(text, integer, integer) OWNER TO prodmatic_system;
ALTER FUNCTION own_sole_administrations() OWNER TO prodmatic_system;
ALTER FUNCTION leave_all_organizations() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
