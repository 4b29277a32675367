-- Webhooks: how changes become deliveries, how a delivery stands, and how an endpoint does.

ALTER TABLE "Webhook"
  -- When the present secret took the place of another one. Both are sealed in `secret`, and the other one signs too for a day.
  ADD COLUMN "rotatedAt" timestamptz(3),
  -- Since when deliveries fail, with no success between.
  ADD COLUMN "failingSince" timestamptz(3),
  -- Until when the endpoint has asked to be left alone.
  ADD COLUMN "pausedUntil" timestamptz(3),
  -- When and why the program has switched the webhook off; nothing where a person has.
  ADD COLUMN "disabledAt" timestamptz(3),
  ADD COLUMN "disabledReason" text,
  ADD CONSTRAINT webhook_disabled_reason_word CHECK ("disabledReason" IN ('GONE', 'FAILING'));

-- A client of the published schema that adds a delivery has it delivered at once.
ALTER TABLE "WebhookDelivery"
  ADD COLUMN "nextAttemptAt" timestamptz(3) DEFAULT now(),
  -- Since when a process is at it. One that is killed never says how it went, so this lasts for half a minute only.
  ADD COLUMN "claimedAt" timestamptz(3),
  -- The last attempt: when, for how many milliseconds, what was sent, and what came back or why nothing did.
  ADD COLUMN "attemptedAt" timestamptz(3),
  ADD COLUMN "latency" integer,
  ADD COLUMN "requestHeaders" jsonb,
  ADD COLUMN "responseStatus" integer,
  ADD COLUMN "responseHeaders" jsonb,
  ADD COLUMN "failure" text;

-- What is due, endpoint by endpoint, so that the many deliveries of one are stepped over.
CREATE INDEX "WebhookDelivery_due_idx" ON "WebhookDelivery" ("webhookId", "nextAttemptAt") WHERE status IN ('PENDING', 'RETRYING');
CREATE INDEX "WebhookDelivery_page_idx" ON "WebhookDelivery" ("organizationId", "webhookId", "createdAt" DESC, id DESC);

-- How an endpoint does is no news for the log, unless it is switched off.
DROP TRIGGER audit ON "Webhook";
CREATE TRIGGER audit AFTER INSERT OR DELETE ON "Webhook" FOR EACH ROW EXECUTE FUNCTION audit_row('webhook');
CREATE TRIGGER audit_update AFTER UPDATE ON "Webhook" FOR EACH ROW
  WHEN (OLD."failingSince" IS NOT DISTINCT FROM NEW."failingSince" AND OLD."pausedUntil" IS NOT DISTINCT FROM NEW."pausedUntil")
  EXECUTE FUNCTION audit_row('webhook');

-- ---- The outbox

-- The group that an entry of the log is listened to by: what belongs to an idea is news of ideas. What belongs to no group goes by
-- the first word of its action.
CREATE FUNCTION webhook_group(entity text, action text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
  SELECT CASE
    WHEN entity LIKE 'Idea%' OR entity = 'CommentMention' THEN 'idea'
    WHEN entity LIKE 'Feature%' THEN 'feature'
    WHEN entity LIKE 'Release%' OR entity IN ('Changelog', 'LaunchChecklistItem') THEN 'release'
    WHEN entity LIKE 'OKR%' OR entity LIKE 'KeyResult%' OR entity = 'OrganizationObjective' THEN 'okr'
    WHEN entity LIKE 'KPI%' THEN 'kpi'
    WHEN entity LIKE 'Experiment%' THEN 'experiment'
    WHEN entity LIKE 'Feedback%' THEN 'feedback'
    WHEN entity LIKE 'Document%' THEN 'document'
    WHEN entity LIKE 'Task%' THEN 'task'
    WHEN entity IN ('Membership', 'Invitation') THEN 'member'
    WHEN entity = 'Product' THEN 'product'
    ELSE split_part(action, '.', 1) END
$$;

-- Each entry of the log becomes a delivery to every webhook that listens for it, in the transaction of the change. It is a trigger
-- of the log, so it follows whatever writes the log, once for all entries of a statement; an organisation without a webhook
-- pays for one look into an index. Secrets have not got into the log, so none gets out; addresses and browsers of people stay here.
-- Nobody is notified: that would make writers queue.
CREATE FUNCTION queue_deliveries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  tenant text;
BEGIN
  FOR tenant IN SELECT DISTINCT "organizationId" FROM added LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM "Webhook" w WHERE w."organizationId" = tenant AND w.active);
    INSERT INTO "WebhookDelivery" (id, "organizationId", "webhookId", event, payload)
    SELECT new_audit_id(), tenant, w.id, a.action,
           jsonb_build_object(
             'type', a.action,
             'timestamp', to_char(a."createdAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'data', jsonb_build_object('id', a."entityId", 'entity', a."entityType", 'organizationId', tenant, 'userId', a."userId",
                                        'changes', coalesce(a.metadata, '{}')))
      FROM added a
      JOIN "Webhook" w ON w."organizationId" = tenant AND w.active
       AND w.events && ARRAY[a.action, '*', split_part(a.action, '.', 1) || '.*', webhook_group(a."entityType", a.action) || '.*']
     WHERE a."organizationId" = tenant
     ORDER BY a.id;
  END LOOP;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION queue_deliveries() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION queue_deliveries() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;

CREATE TRIGGER queue_deliveries AFTER INSERT ON "AuditLog" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION queue_deliveries();
