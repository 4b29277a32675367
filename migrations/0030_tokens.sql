-- Tokens: the keys by which programs come in, and what keeps a repeated request from being done twice.

CREATE TYPE "TokenScope" AS ENUM ('READ', 'WRITE', 'ADMIN');

-- A token acts as the member who made it. It hangs on the membership, so that it ends with that and does not come
-- alive again with a later one. Of the secret itself only the SHA-256 is kept, and how it begins, to be told from others by.
CREATE TABLE "ApiToken" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  "tokenHash"      text NOT NULL,
  beginning        text NOT NULL,
  scope            "TokenScope" NOT NULL DEFAULT 'READ',
  -- The products that it is for; none for all.
  "productIds"     text[] NOT NULL DEFAULT '{}',
  "userId"         text NOT NULL,
  "expiresAt"      timestamptz(3),
  "lastUsedAt"     timestamptz(3),
  "revokedAt"      timestamptz(3),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "ApiToken_tokenHash_key" UNIQUE ("tokenHash"),
  CONSTRAINT "ApiToken_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "ApiToken_userId_fkey" FOREIGN KEY ("userId", "organizationId")
    REFERENCES "Membership" ("userId", "organizationId") ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT api_token_name_length CHECK (name ~ '\S' AND char_length(name) <= 60),
  CONSTRAINT api_token_products_limit CHECK (cardinality("productIds") <= 50)
);
CREATE INDEX "ApiToken_page_idx" ON "ApiToken" ("organizationId", "createdAt" DESC, id DESC);
CREATE INDEX "ApiToken_userId_idx" ON "ApiToken" ("userId", "organizationId");

-- What was answered to a request that named a key of its own, kept for a day. The row is written by the transaction that
-- did what was asked, so that another request with the key waits for it, and finds either the answer or nothing done.
CREATE TABLE "IdempotencyKey" (
  "tokenId"        text NOT NULL,
  key              text NOT NULL,
  "requestHash"    text NOT NULL,
  -- Filled in before the transaction ends.
  status           integer,
  location         text,
  etag             text,
  body             text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("organizationId", "tokenId", key),
  CONSTRAINT "IdempotencyKey_tokenId_fkey" FOREIGN KEY ("organizationId", "tokenId")
    REFERENCES "ApiToken" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT idempotency_key_length CHECK (char_length(key) BETWEEN 1 AND 255)
);
CREATE INDEX "IdempotencyKey_age_idx" ON "IdempotencyKey" ("organizationId", "createdAt");

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "IdempotencyKey" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('ApiToken', 'tokenId');

DO $$
DECLARE
  made text;
BEGIN
  FOREACH made IN ARRAY ARRAY['ApiToken', 'IdempotencyKey'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made);
  END LOOP;
END
$$;

-- That a token was used is no news for the log.
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF name, scope, "productIds", "userId", "expiresAt", "revokedAt" ON "ApiToken"
  FOR EACH ROW EXECUTE FUNCTION audit_row('api_token');

-- How a program comes in: as app_enter, by a token. Without a slug it is the token's own organisation; with the slug of
-- another one there is no organisation, as for one that does not exist.
CREATE FUNCTION app_enter_token(p_token_hash text, p_slug text, p_ip text, p_user_agent text)
RETURNS TABLE (
  token_id              text,
  token_scope           "TokenScope",
  token_products        text[],
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
  SELECT t.id, t.scope, t."productIds", t."lastUsedAt", u.id, u.email, u.name, u.image, o.id, o.name, o.slug, o.settings, o.role
    INTO token_id, token_scope, token_products, last_used, user_id, email, name, image,
         organization_id, organization_name, organization_slug, organization_settings, role
    FROM "ApiToken" t
    JOIN "User" u ON u.id = t."userId"
    LEFT JOIN LATERAL (
      SELECT org.id, org.name, org.slug, org.settings, m.role
        FROM "Organization" org
        JOIN "Membership" m ON m."organizationId" = org.id AND m."userId" = u.id
       WHERE org.id = t."organizationId" AND org.slug = coalesce(p_slug, org.slug) AND org."deletedAt" IS NULL
    ) o ON true
   WHERE t."tokenHash" = p_token_hash AND t."revokedAt" IS NULL AND (t."expiresAt" IS NULL OR t."expiresAt" > now());

  -- Set even when nothing was found, so that no earlier value of this transaction lives on.
  PERFORM set_config('app.user_id', coalesce(user_id, ''), true),
          set_config('app.organization_id', coalesce(organization_id, ''), true),
          set_config('app.product_ids', coalesce(array_to_string(token_products, ','), ''), true),
          set_config('app.ip_address', coalesce(p_ip, ''), true),
          set_config('app.user_agent', coalesce(p_user_agent, ''), true);

  IF token_id IS NULL THEN
    RETURN;
  END IF;

  -- Once a minute is enough, and a row that another request holds is passed over, as in app_enter.
  IF last_used IS NULL OR last_used < now() - interval '1 minute' THEN
    IF NOT current_setting('transaction_read_only')::boolean THEN
      UPDATE "ApiToken" SET "lastUsedAt" = now()
       WHERE id IN (SELECT t.id FROM "ApiToken" t WHERE t.id = token_id FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
  END IF;

  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION app_enter_token(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_enter_token(text, text, text, text) TO prodmatic_app;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION app_enter_token(text, text, text, text) OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

-- A token that names products sees no other, nor what hangs on one: whatever is done is done below a live product, which
-- has to be found first. Sessions name none.
CREATE POLICY token ON "Product" AS RESTRICTIVE TO prodmatic_app
  USING (coalesce(current_setting('app.product_ids', true), '') = ''
         OR id = ANY (string_to_array(current_setting('app.product_ids', true), ',')));
