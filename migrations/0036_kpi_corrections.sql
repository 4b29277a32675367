-- An alert is taken back once the value that raised it was put right or removed and its rule holds no longer; it is told again if the
-- rule comes to hold again. A notice stays in its KPI's list either way, with what is known now.

ALTER TABLE "KPINotice"
  ADD COLUMN "withdrawnAt" timestamptz(3),
  -- What the period is measured at since; nothing where it has no value any more.
  ADD COLUMN "correctedValue" double precision;

-- The values of a KPI's periods from the one that begins on a day to the one that begins on another.
CREATE FUNCTION kpi_values(p_org text, p_kpi text, p_first date, p_last date) RETURNS TABLE (period date, value double precision)
LANGUAGE sql STABLE
AS $$
  SELECT kpi_period(k.frequency, d.day),
         CASE k.aggregation
           WHEN 'SUM' THEN sum(d.sum)
           WHEN 'MEAN' THEN sum(d.sum) / sum(d.count)
           ELSE (array_agg(d.last ORDER BY d.day DESC))[1] END
    FROM "KPI" k
    JOIN "KPIDay" d ON d."organizationId" = p_org AND d."kpiId" = p_kpi
                   AND d.day >= p_first AND d.day < kpi_period_after(k.frequency, p_last, 1)
   WHERE k."organizationId" = p_org AND k.id = p_kpi
   GROUP BY k.frequency, k.aggregation, kpi_period(k.frequency, d.day)
$$;

-- Whether a value is what a rule waits for; none never is. A change is multiplied and not divided, and bounded, so that no value
-- whatever leaves the range of its type.
CREATE FUNCTION kpi_rule_holds(kind "KPIAlertKind", threshold double precision, value double precision, previous double precision)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT coalesce(
    CASE kind
      WHEN 'ABOVE' THEN value > threshold
      WHEN 'BELOW' THEN value < threshold
      ELSE value IS NOT NULL AND previous <> 0
           AND abs(kpi_bounded(value) - kpi_bounded(previous)) >= threshold / 100 * abs(kpi_bounded(previous)) END,
    false)
$$;

-- As before: tells of the rules that hold for the period of the latest point, or for the one before it, which may have ended just now.
-- A threshold is told when it is crossed and not as long as it lies behind. A sum of a period that is not over is no sum yet, but one
-- that is above already stays so; the sum of a day is taken as it comes.
CREATE OR REPLACE FUNCTION raise_kpi_alerts(p_org text, p_kpi text) RETURNS void
LANGUAGE sql
AS $$
  WITH kpi AS (
    SELECT k.frequency, k.aggregation,
           (SELECT kpi_period(k.frequency, max(d.day)) FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi) AS latest
      FROM "KPI" k WHERE k."organizationId" = p_org AND k.id = p_kpi AND k."deletedAt" IS NULL
  ), valued AS (
    SELECT v.period, v.value
      FROM kpi CROSS JOIN LATERAL kpi_values(p_org, p_kpi, kpi_period_after(kpi.frequency, kpi.latest, -2), kpi.latest) v
  )
  INSERT INTO "KPINotice" (id, "organizationId", "kpiId", "alertId", kind, threshold, period, value, previous)
  SELECT new_audit_id(), p_org, p_kpi, a.id, a.kind, a.threshold, v.period, v.value, p.value
    FROM kpi
    JOIN "KPIAlert" a ON a."organizationId" = p_org AND a."kpiId" = p_kpi
    JOIN valued v ON v.period >= kpi_period_after(kpi.frequency, kpi.latest, -1)
    LEFT JOIN valued p ON p.period = kpi_period_after(kpi.frequency, v.period, -1)
   WHERE kpi_rule_holds(a.kind, a.threshold, v.value, p.value)
     AND (a.kind = 'CHANGE' OR NOT kpi_rule_holds(a.kind, a.threshold, p.value, NULL))
     AND (kpi.aggregation <> 'SUM' OR kpi.frequency = 'DAILY' OR a.kind = 'ABOVE'
          OR kpi_period_after(kpi.frequency, v.period, 1) <= kpi_day(now()))
  ON CONFLICT DO NOTHING
$$;

-- Looks once more at what was told of the periods that hold these days, and of the one after them, whose change is against them. What
-- still holds tells the value as it is now; what holds again is news to everybody again, unless its rule is gone: then it is told
-- quietly. A notice of periods that the KPI has no longer, since it is measured at another pace, stays as it is.
CREATE FUNCTION review_kpi_notices(p_org text, p_kpi text, p_first date, p_last date) RETURNS void
LANGUAGE sql
AS $$
  WITH kpi AS (
    SELECT k.frequency, kpi_period(k.frequency, p_first) AS first,
           kpi_period_after(k.frequency, kpi_period(k.frequency, p_last), 1) AS last
      FROM "KPI" k WHERE k."organizationId" = p_org AND k.id = p_kpi
  ), valued AS (
    SELECT v.period, v.value
      FROM kpi CROSS JOIN LATERAL kpi_values(p_org, p_kpi, kpi_period_after(kpi.frequency, kpi.first, -1), kpi.last) v
  ), reviewed AS (
    SELECT n.id, v.value, p.value AS previous, kpi_rule_holds(n.kind, n.threshold, v.value, p.value) AS holds
      FROM kpi
      JOIN "KPINotice" n ON n."organizationId" = p_org AND n."kpiId" = p_kpi AND n.period BETWEEN kpi.first AND kpi.last
                        AND n.period = kpi_period(kpi.frequency, n.period)
      LEFT JOIN valued v ON v.period = n.period
      LEFT JOIN valued p ON p.period = kpi_period_after(kpi.frequency, n.period, -1)
  ), renewed AS (
    DELETE FROM "KPINoticeRead" r USING reviewed v, "KPINotice" n
     WHERE v.holds AND n."organizationId" = p_org AND n.id = v.id AND n."withdrawnAt" IS NOT NULL AND n."alertId" IS NOT NULL
       AND r."organizationId" = p_org AND r."noticeId" = n.id
  )
  UPDATE "KPINotice" n
     SET value = CASE WHEN v.holds THEN v.value ELSE n.value END,
         previous = CASE WHEN v.holds THEN v.previous ELSE n.previous END,
         "correctedValue" = CASE WHEN NOT v.holds THEN v.value END,
         "withdrawnAt" = CASE WHEN NOT v.holds THEN coalesce(n."withdrawnAt", now()) END
    FROM reviewed v
   WHERE n."organizationId" = p_org AND n.id = v.id
     AND (v.holds <> (n."withdrawnAt" IS NULL)
          OR v.holds AND (n.value, n.previous) IS DISTINCT FROM (v.value, v.previous)
          OR NOT v.holds AND n."correctedValue" IS DISTINCT FROM v.value)
$$;

-- The events kpi.alert and kpi.alert_withdrawn, which webhooks carry; written here for the reason given where the first was made.
-- Whoever asked for kpi.alert by its name has to hear that it is taken back, too.
CREATE OR REPLACE FUNCTION audit_kpi_notice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  told "AuditLog";
BEGIN
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), CASE WHEN NEW."withdrawnAt" IS NULL THEN 'kpi.alert' ELSE 'kpi.alert_withdrawn' END, 'KPI', NEW."kpiId",
         nullif(current_setting('app.user_id', true), ''), NEW."organizationId",
         jsonb_build_object('after', jsonb_build_object(
           'name', k.name, 'unit', k.unit, 'kind', NEW.kind, 'threshold', NEW.threshold, 'period', NEW.period,
           'value', NEW.value, 'previous', NEW.previous)
           || CASE WHEN NEW."withdrawnAt" IS NULL THEN '{}' ELSE jsonb_build_object('correctedValue', NEW."correctedValue") END),
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "KPI" k WHERE k."organizationId" = NEW."organizationId" AND k.id = NEW."kpiId"
  RETURNING * INTO told;
  IF told.action = 'kpi.alert_withdrawn' THEN
    INSERT INTO "WebhookDelivery" (id, "organizationId", "webhookId", event, payload)
    SELECT new_audit_id(), told."organizationId", w.id, told.action,
           jsonb_build_object(
             'type', told.action,
             'timestamp', to_char(told."createdAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'data', jsonb_build_object('id', told."entityId", 'entity', told."entityType", 'organizationId', told."organizationId",
                                        'userId', told."userId", 'changes', told.metadata))
      FROM "Webhook" w
     WHERE w."organizationId" = told."organizationId" AND w.active AND 'kpi.alert' = ANY (w.events)
       AND NOT w.events && ARRAY['*', 'kpi.*', told.action];
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_withdrawn AFTER UPDATE OF "withdrawnAt" ON "KPINotice" FOR EACH ROW
  WHEN ((OLD."withdrawnAt" IS NULL) <> (NEW."withdrawnAt" IS NULL) AND (NEW."withdrawnAt" IS NOT NULL OR NEW."alertId" IS NOT NULL))
  EXECUTE FUNCTION audit_kpi_notice();

-- The KPI's present value, and what it raises and takes back, after points of these days were written. With its last point a KPI loses
-- its value.
CREATE FUNCTION keep_kpi(p_org text, p_kpi text, p_first date, p_last date) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  latest CONSTANT double precision := coalesce(
    (SELECT d.last FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi ORDER BY d.day DESC LIMIT 1), 0);
BEGIN
  UPDATE "KPI" k SET "currentValue" = latest
   WHERE k."organizationId" = p_org AND k.id = p_kpi AND k."currentValue" IS DISTINCT FROM latest;
  IF EXISTS (SELECT FROM "KPINotice" n WHERE n."organizationId" = p_org AND n."kpiId" = p_kpi) THEN
    PERFORM review_kpi_notices(p_org, p_kpi, p_first, p_last);
  END IF;
  IF EXISTS (SELECT FROM "KPIAlert" a WHERE a."organizationId" = p_org AND a."kpiId" = p_kpi) THEN
    PERFORM raise_kpi_alerts(p_org, p_kpi);
  END IF;
END
$$;

-- As before, but it says which days were written.
CREATE OR REPLACE FUNCTION keep_kpi_days() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  touched record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "KPIDay" AS d ("organizationId", "kpiId", day, count, sum, min, max, last, "lastAt", "lastMadeAt", "lastId")
    SELECT a."organizationId", a."kpiId", kpi_day(a.date), count(*), sum(kpi_bounded(a.value)), min(a.value), max(a.value),
           (array_agg(a.value ORDER BY a.date DESC, a."createdAt" DESC, a.id DESC))[1], max(a.date),
           (array_agg(a."createdAt" ORDER BY a.date DESC, a."createdAt" DESC, a.id DESC))[1],
           (array_agg(a.id ORDER BY a.date DESC, a."createdAt" DESC, a.id DESC))[1]
      FROM added a
     GROUP BY a."organizationId", a."kpiId", kpi_day(a.date)
     -- In one order, so that no two writers wait for each other.
     ORDER BY 1, 2, 3
    ON CONFLICT ON CONSTRAINT "KPIDay_pkey" DO UPDATE SET
      count = d.count + excluded.count, sum = d.sum + excluded.sum,
      min = least(d.min, excluded.min), max = greatest(d.max, excluded.max),
      (last, "lastAt", "lastMadeAt", "lastId") = (
        SELECT CASE WHEN newer THEN excluded.last ELSE d.last END, CASE WHEN newer THEN excluded."lastAt" ELSE d."lastAt" END,
               CASE WHEN newer THEN excluded."lastMadeAt" ELSE d."lastMadeAt" END,
               CASE WHEN newer THEN excluded."lastId" ELSE d."lastId" END
          FROM (SELECT (excluded."lastAt", excluded."lastMadeAt", excluded."lastId") > (d."lastAt", d."lastMadeAt", d."lastId")) n (newer));
    FOR touched IN
      SELECT "organizationId", "kpiId", min(kpi_day(date)) AS first, max(kpi_day(date)) AS last FROM added GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId", touched.first, touched.last);
    END LOOP;
  ELSIF TG_OP = 'DELETE' THEN
    FOR touched IN SELECT DISTINCT "organizationId", "kpiId", kpi_day(date) AS day FROM removed ORDER BY 1, 2, 3 LOOP
      PERFORM add_up_kpi_day(touched."organizationId", touched."kpiId", touched.day);
    END LOOP;
    FOR touched IN
      SELECT "organizationId", "kpiId", min(kpi_day(date)) AS first, max(kpi_day(date)) AS last FROM removed GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId", touched.first, touched.last);
    END LOOP;
  ELSE
    FOR touched IN
      SELECT "organizationId", "kpiId", kpi_day(date) AS day FROM removed
      UNION SELECT "organizationId", "kpiId", kpi_day(date) FROM added ORDER BY 1, 2, 3
    LOOP
      PERFORM add_up_kpi_day(touched."organizationId", touched."kpiId", touched.day);
    END LOOP;
    FOR touched IN
      SELECT "organizationId", "kpiId", min(kpi_day(date)) AS first, max(kpi_day(date)) AS last
        FROM (SELECT "organizationId", "kpiId", date FROM removed UNION ALL SELECT "organizationId", "kpiId", date FROM added) w
       GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId", touched.first, touched.last);
    END LOOP;
  END IF;
  RETURN NULL;
END
$$;
DROP FUNCTION keep_kpi(text, text);
