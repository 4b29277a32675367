-- Who is here: organisations, the people in them and how they sign in. Tables, columns and enum
-- types carry Prisma's mixed-case names, so that a Prisma client generated from the published
-- schema works on this database unchanged. What that schema does not have comes last in each
-- table and is nullable or filled in, so such a client's inserts still succeed.

-- A CHECK cannot hold a subquery, so the bound on lists lives in a function. A null element is
-- refused, because clients read these columns as lists of plain strings.
CREATE FUNCTION text_list_within(list text[], max_items integer, max_chars integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT cardinality(list) <= max_items
     AND NOT EXISTS (
           SELECT FROM unnest(list) AS item
           WHERE item IS NULL OR char_length(item) NOT BETWEEN 1 AND max_chars)
$$;

-- NaN and the infinities have no JSON form, and one of them spoils every sum and chart it enters.
CREATE FUNCTION is_finite(value double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT value NOT IN ('NaN', 'Infinity', '-Infinity')
$$;

CREATE TYPE "Lifecycle" AS ENUM
  ('IDEATION', 'DISCOVERY', 'DEFINITION', 'DELIVERY', 'LAUNCH', 'GROWTH', 'MATURITY', 'SUNSET');
CREATE TYPE "Role" AS ENUM
  ('ADMIN', 'PRODUCT_MANAGER', 'DEVELOPER', 'DESIGNER', 'STAKEHOLDER');

-- The empty id is refused because an unset `app.organization_id` reads as the empty string once
-- it was set earlier on the same connection, and must then match no row.
CREATE TABLE "Organization" (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  slug        text NOT NULL,
  description text,
  domain      text,
  logo        text,
  website     text,
  settings    jsonb DEFAULT '{}',
  "createdAt" timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt" timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt" timestamptz(3),
  CONSTRAINT "Organization_slug_key" UNIQUE (slug),
  CONSTRAINT organization_id_present CHECK (id <> ''),
  CONSTRAINT organization_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT organization_slug_shape
    CHECK (char_length(slug) BETWEEN 2 AND 48 AND slug ~ '^[a-z0-9](-?[a-z0-9])*$'),
  CONSTRAINT organization_description_length CHECK (char_length(description) <= 20000)
);

-- Children point at ("organizationId", id) and not at the id alone: a row can then never hang
-- below a parent of another tenant, whoever writes it.
CREATE TABLE "Product" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  key              text NOT NULL,
  description      text,
  vision           text,
  lifecycle        "Lifecycle" NOT NULL DEFAULT 'IDEATION',
  "organizationId" text NOT NULL,
  settings         jsonb DEFAULT '{}',
  metrics          jsonb DEFAULT '{}',
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  CONSTRAINT "Product_key_key" UNIQUE (key),
  CONSTRAINT "Product_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Product_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT product_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT product_key_shape
    CHECK (char_length(key) BETWEEN 2 AND 64 AND key ~ '^[a-z0-9](-?[a-z0-9])*$'),
  CONSTRAINT product_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT product_vision_length CHECK (char_length(vision) <= 20000)
);

CREATE TABLE "Team" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  slug             text NOT NULL,
  description      text,
  "organizationId" text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  CONSTRAINT "Team_organizationId_slug_key" UNIQUE ("organizationId", slug),
  CONSTRAINT "Team_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Team_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT team_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT team_slug_shape
    CHECK (char_length(slug) BETWEEN 2 AND 48 AND slug ~ '^[a-z0-9](-?[a-z0-9])*$'),
  CONSTRAINT team_description_length CHECK (char_length(description) <= 20000)
);

CREATE TABLE "_ProductToTeam" (
  "A"              text NOT NULL,
  "B"              text NOT NULL,
  "organizationId" text NOT NULL,
  CONSTRAINT "_ProductToTeam_AB_pkey" PRIMARY KEY ("A", "B"),
  CONSTRAINT "_ProductToTeam_A_fkey" FOREIGN KEY ("organizationId", "A")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "_ProductToTeam_B_fkey" FOREIGN KEY ("organizationId", "B")
    REFERENCES "Team" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- A person belongs to no tenant: one account can be a member of many organisations.
CREATE TABLE "User" (
  id              text PRIMARY KEY,
  name            text,
  email           text NOT NULL,
  "emailVerified" timestamptz(3),
  image           text,
  password        text,
  "createdAt"     timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"     timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "User_email_key" UNIQUE (email),
  CONSTRAINT user_id_present CHECK (id <> ''),
  CONSTRAINT user_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT user_email_shape
    CHECK (position('@' IN email) > 1 AND email !~ '\s' AND char_length(email) <= 254)
);
-- Two accounts that differ only in case would let one person be taken for another.
CREATE UNIQUE INDEX "User_email_lower_key" ON "User" (lower(email));

CREATE TABLE "UserProfile" (
  id       text PRIMARY KEY,
  "userId" text NOT NULL,
  bio      text,
  title    text,
  timezone text,
  locale   text DEFAULT 'en',
  CONSTRAINT "UserProfile_userId_key" UNIQUE ("userId"),
  CONSTRAINT "UserProfile_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "Account" (
  id                  text PRIMARY KEY,
  "userId"            text NOT NULL,
  type                text NOT NULL,
  provider            text NOT NULL,
  "providerAccountId" text NOT NULL,
  refresh_token       text,
  access_token        text,
  expires_at          integer,
  token_type          text,
  scope               text,
  id_token            text,
  session_state       text,
  CONSTRAINT "Account_provider_providerAccountId_key" UNIQUE (provider, "providerAccountId"),
  CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- "sessionToken" holds the token's SHA-256, so a leaked copy of this table opens nothing.
CREATE TABLE "Session" (
  id             text PRIMARY KEY,
  "sessionToken" text NOT NULL,
  "userId"       text NOT NULL,
  expires        timestamptz(3) NOT NULL,
  "createdAt"    timestamptz(3) DEFAULT now(),
  "lastUsedAt"   timestamptz(3) DEFAULT now(),
  "ipAddress"    text,
  "userAgent"    text,
  CONSTRAINT "Session_sessionToken_key" UNIQUE ("sessionToken"),
  CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- Counted to slow down guessing. The address is kept as a hash because people also type
-- passwords, and other people's addresses, into that field.
CREATE TABLE "SignInFailure" (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "emailHash" text NOT NULL,
  "ipAddress" text NOT NULL,
  "createdAt" timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE "Membership" (
  id               text PRIMARY KEY,
  "userId"         text NOT NULL,
  "organizationId" text NOT NULL,
  "teamId"         text,
  role             "Role" NOT NULL DEFAULT 'STAKEHOLDER',
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "Membership_userId_organizationId_key" UNIQUE ("userId", "organizationId"),
  CONSTRAINT "Membership_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Membership_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Membership_teamId_fkey" FOREIGN KEY ("organizationId", "teamId")
    REFERENCES "Team" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("teamId")
);

-- The published schema names this model without defining it. As with sessions, only the token's
-- hash is kept.
CREATE TABLE "Invitation" (
  id               text PRIMARY KEY,
  "organizationId" text NOT NULL,
  email            text NOT NULL,
  role             "Role" NOT NULL DEFAULT 'STAKEHOLDER',
  "teamId"         text,
  "invitedById"    text,
  message          text,
  "tokenHash"      text NOT NULL,
  "expiresAt"      timestamptz(3) NOT NULL,
  "acceptedAt"     timestamptz(3),
  "revokedAt"      timestamptz(3),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "Invitation_tokenHash_key" UNIQUE ("tokenHash"),
  CONSTRAINT "Invitation_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Invitation_teamId_fkey" FOREIGN KEY ("organizationId", "teamId")
    REFERENCES "Team" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("teamId"),
  CONSTRAINT "Invitation_invitedById_fkey" FOREIGN KEY ("invitedById")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT invitation_email_shape
    CHECK (position('@' IN email) > 1 AND email !~ '\s' AND char_length(email) <= 254),
  CONSTRAINT invitation_message_length CHECK (char_length(message) <= 20000)
);
