-- KPIs: which way is good, how several values of a period make one, what charts are drawn from, and alerts.

CREATE TYPE "KPIDirection" AS ENUM ('HIGHER', 'LOWER');
CREATE TYPE "KPIAggregation" AS ENUM ('LAST', 'SUM', 'MEAN');

ALTER TABLE "KPI"
  ADD COLUMN direction "KPIDirection" NOT NULL DEFAULT 'HIGHER',
  ADD COLUMN aggregation "KPIAggregation" NOT NULL DEFAULT 'LAST';

-- The published model lets a client insert two points of one date, so there is no unique index that would refuse the second.
-- What our own form, file and API write is idempotent all the same: `record` holds the KPI's row, so that two of them wait for one
-- another, then changes the point of that date if there is one (the newest, if a foreign client has left several, of which the
-- others go) and adds one if there is none. Of several points of one moment the one that was made last counts as the last.
CREATE INDEX "KPIDataPoint_page_idx" ON "KPIDataPoint" ("organizationId", "kpiId", date, id);

-- ---- Days

-- What a KPI's points of a day (UTC) add up to. Charts and lists read this and never the points, so that a million points take as
-- long as the days that they are of. Only the trigger below writes it.
CREATE TABLE "KPIDay" (
  "kpiId"          text NOT NULL,
  day              date NOT NULL,
  count            bigint NOT NULL,
  sum              double precision NOT NULL,
  min              double precision NOT NULL,
  max              double precision NOT NULL,
  last             double precision NOT NULL,
  -- When the last one was, and which it is, so that an earlier one that comes in later does not take its place.
  "lastAt"         timestamptz(3) NOT NULL,
  "lastMadeAt"     timestamptz(3) NOT NULL,
  "lastId"         text NOT NULL,
  "organizationId" text NOT NULL,
  CONSTRAINT "KPIDay_pkey" PRIMARY KEY ("organizationId", "kpiId", day),
  CONSTRAINT "KPIDay_kpiId_fkey" FOREIGN KEY ("organizationId", "kpiId")
    REFERENCES "KPI" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE FUNCTION kpi_day(at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (at AT TIME ZONE 'UTC')::date $$;

-- A value as it is added up: so bounded, no sum of a day leaves the range of its type, which would refuse the point.
CREATE FUNCTION kpi_bounded(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT greatest(least(value, 1e290), -1e290) $$;

-- The first day of the period that a day is in. Weeks begin on Monday.
CREATE FUNCTION kpi_period(frequency "Frequency", day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE frequency
    WHEN 'DAILY' THEN day
    WHEN 'WEEKLY' THEN date_trunc('week', day::timestamp)::date
    WHEN 'MONTHLY' THEN date_trunc('month', day::timestamp)::date
    ELSE date_trunc('quarter', day::timestamp)::date END
$$;

-- The first day of the period so many periods after the one that begins on this day.
CREATE FUNCTION kpi_period_after(frequency "Frequency", start date, periods integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE frequency
    WHEN 'DAILY' THEN start + periods
    WHEN 'WEEKLY' THEN start + 7 * periods
    WHEN 'MONTHLY' THEN (start + make_interval(months => periods))::date
    ELSE (start + make_interval(months => 3 * periods))::date END
$$;

-- ---- Alerts

CREATE TYPE "KPIAlertKind" AS ENUM ('ABOVE', 'BELOW', 'CHANGE');

-- A rule: the value of a period is above or below the threshold, or differs from that of the period before by so many percent.
CREATE TABLE "KPIAlert" (
  id               text PRIMARY KEY,
  "kpiId"          text NOT NULL,
  kind             "KPIAlertKind" NOT NULL,
  threshold        double precision NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KPIAlert_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "KPIAlert_rule_key" UNIQUE ("organizationId", "kpiId", kind, threshold),
  CONSTRAINT "KPIAlert_kpiId_fkey" FOREIGN KEY ("organizationId", "kpiId")
    REFERENCES "KPI" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT kpi_alert_threshold_finite CHECK (is_finite(threshold)),
  CONSTRAINT kpi_alert_change_range CHECK (kind <> 'CHANGE' OR threshold > 0 AND threshold <= 1000000)
);

-- That a rule held, told once for each period. It outlives its rule, so it keeps what that said.
CREATE TABLE "KPINotice" (
  id               text PRIMARY KEY,
  "kpiId"          text NOT NULL,
  "alertId"        text,
  kind             "KPIAlertKind" NOT NULL,
  threshold        double precision NOT NULL,
  period           date NOT NULL,
  value            double precision NOT NULL,
  previous         double precision,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KPINotice_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "KPINotice_period_key" UNIQUE ("organizationId", "alertId", period),
  CONSTRAINT "KPINotice_kpiId_fkey" FOREIGN KEY ("organizationId", "kpiId")
    REFERENCES "KPI" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "KPINotice_alertId_fkey" FOREIGN KEY ("organizationId", "alertId")
    REFERENCES "KPIAlert" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("alertId")
);
CREATE INDEX "KPINotice_page_idx" ON "KPINotice" ("organizationId", "kpiId", "createdAt" DESC, id DESC);

-- Who has seen a notice; for everybody else it is new.
CREATE TABLE "KPINoticeRead" (
  "noticeId"       text NOT NULL,
  "userId"         text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KPINoticeRead_pkey" PRIMARY KEY ("organizationId", "noticeId", "userId"),
  CONSTRAINT "KPINoticeRead_noticeId_fkey" FOREIGN KEY ("organizationId", "noticeId")
    REFERENCES "KPINotice" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "KPINoticeRead_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "KPINoticeRead_userId_idx" ON "KPINoticeRead" ("userId");

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('KPIDay',        'KPI',       'kpiId'),
      ('KPIAlert',      'KPI',       'kpiId'),
      ('KPINotice',     'KPI',       'kpiId'),
      ('KPINoticeRead', 'KPINotice', 'noticeId')
    ) AS v (name, parent, fk)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
      'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(%L, %L)', made.name, made.parent, made.fk);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made.name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made.name);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made.name);
  END LOOP;
END
$$;

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON "KPIAlert" FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();
-- Rules stand in the history of their KPI.
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "KPIAlert" FOR EACH ROW
  EXECUTE FUNCTION audit_row('kpi_alert', 'KPI', 'kpiId');

-- The event kpi.alert, which webhooks carry. It is written here and not by `audit_event`, which writes for the organisation of the
-- transaction alone: a point of a client that has set none raises the alarm too.
CREATE FUNCTION audit_kpi_notice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", metadata, "ipAddress", "userAgent")
  SELECT new_audit_id(), 'kpi.alert', 'KPI', NEW."kpiId", nullif(current_setting('app.user_id', true), ''), NEW."organizationId",
         jsonb_build_object('after', jsonb_build_object(
           'name', k.name, 'unit', k.unit, 'kind', NEW.kind, 'threshold', NEW.threshold, 'period', NEW.period,
           'value', NEW.value, 'previous', NEW.previous)),
         nullif(current_setting('app.ip_address', true), ''), nullif(current_setting('app.user_agent', true), '')
    FROM "KPI" k WHERE k."organizationId" = NEW."organizationId" AND k.id = NEW."kpiId";
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit_kpi_notice() FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO prodmatic_system;
ALTER FUNCTION audit_kpi_notice() OWNER TO prodmatic_system;
REVOKE CREATE ON SCHEMA public FROM prodmatic_system;
CREATE TRIGGER audit AFTER INSERT ON "KPINotice" FOR EACH ROW EXECUTE FUNCTION audit_kpi_notice();

-- ---- What follows from points

-- Tells of the rules that hold for the period of the latest point, or for the one before it, which may have ended just now. A
-- threshold is told when it is crossed and not as long as it lies behind. A sum of a period that is not over is no sum yet, but one
-- that is above already stays so; the sum of a day is taken as it comes.
CREATE FUNCTION raise_kpi_alerts(p_org text, p_kpi text) RETURNS void
LANGUAGE sql
AS $$
  WITH kpi AS (
    SELECT k.frequency, k.aggregation,
           (SELECT kpi_period(k.frequency, max(d.day)) FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi) AS latest
      FROM "KPI" k WHERE k."organizationId" = p_org AND k.id = p_kpi AND k."deletedAt" IS NULL
  ), valued AS (
    SELECT kpi_period(kpi.frequency, d.day) AS period,
           CASE kpi.aggregation
             WHEN 'SUM' THEN sum(d.sum)
             WHEN 'MEAN' THEN sum(d.sum) / sum(d.count)
             ELSE (array_agg(d.last ORDER BY d.day DESC))[1] END AS value
      FROM kpi JOIN "KPIDay" d ON d."organizationId" = p_org AND d."kpiId" = p_kpi
                              AND d.day >= kpi_period_after(kpi.frequency, kpi.latest, -2)
     GROUP BY kpi.frequency, kpi.aggregation, kpi_period(kpi.frequency, d.day)
  )
  INSERT INTO "KPINotice" (id, "organizationId", "kpiId", "alertId", kind, threshold, period, value, previous)
  SELECT new_audit_id(), p_org, p_kpi, a.id, a.kind, a.threshold, v.period, v.value, p.value
    FROM kpi
    JOIN "KPIAlert" a ON a."organizationId" = p_org AND a."kpiId" = p_kpi
    JOIN valued v ON v.period >= kpi_period_after(kpi.frequency, kpi.latest, -1)
    LEFT JOIN valued p ON p.period = kpi_period_after(kpi.frequency, v.period, -1)
   WHERE CASE a.kind
           WHEN 'ABOVE' THEN v.value > a.threshold AND NOT coalesce(p.value > a.threshold, false)
           WHEN 'BELOW' THEN v.value < a.threshold AND NOT coalesce(p.value < a.threshold, false)
           -- Multiplied and not divided, and bounded, so that no value whatever leaves the range of its type.
           ELSE p.value <> 0 AND abs(kpi_bounded(v.value) - kpi_bounded(p.value)) >= a.threshold / 100 * abs(kpi_bounded(p.value)) END
     AND (kpi.aggregation <> 'SUM' OR kpi.frequency = 'DAILY' OR a.kind = 'ABOVE'
          OR kpi_period_after(kpi.frequency, v.period, 1) <= kpi_day(now()))
  ON CONFLICT DO NOTHING
$$;

-- The value that a KPI has now is that of its latest point; without points it is what a client says.
CREATE FUNCTION keep_kpi_value() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW."currentValue" := coalesce(
    (SELECT d.last FROM "KPIDay" d WHERE d."organizationId" = NEW."organizationId" AND d."kpiId" = NEW.id ORDER BY d.day DESC LIMIT 1),
    NEW."currentValue");
  RETURN NEW;
END
$$;
-- A value that is none is left to the table's own check.
CREATE TRIGGER keep_kpi_value BEFORE UPDATE OF "currentValue" ON "KPI" FOR EACH ROW
  WHEN (is_finite(NEW."currentValue")) EXECUTE FUNCTION keep_kpi_value();

-- Keeps the days, the values and the alerts of all KPIs whose points a statement has written. New points are added to their days;
-- where points were changed or removed, those days are added up anew, under a lock of the day: who adds to it meanwhile waits.
CREATE FUNCTION keep_kpi_days() RETURNS trigger
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
    FOR touched IN SELECT DISTINCT "organizationId", "kpiId" FROM added ORDER BY 1, 2 LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId");
    END LOOP;
  ELSIF TG_OP = 'DELETE' THEN
    FOR touched IN SELECT DISTINCT "organizationId", "kpiId", kpi_day(date) AS day FROM removed ORDER BY 1, 2, 3 LOOP
      PERFORM add_up_kpi_day(touched."organizationId", touched."kpiId", touched.day);
    END LOOP;
    FOR touched IN SELECT DISTINCT "organizationId", "kpiId" FROM removed ORDER BY 1, 2 LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId");
    END LOOP;
  ELSE
    FOR touched IN
      SELECT "organizationId", "kpiId", kpi_day(date) AS day FROM removed
      UNION SELECT "organizationId", "kpiId", kpi_day(date) FROM added ORDER BY 1, 2, 3
    LOOP
      PERFORM add_up_kpi_day(touched."organizationId", touched."kpiId", touched.day);
    END LOOP;
    FOR touched IN SELECT "organizationId", "kpiId" FROM removed UNION SELECT "organizationId", "kpiId" FROM added ORDER BY 1, 2 LOOP
      PERFORM keep_kpi(touched."organizationId", touched."kpiId");
    END LOOP;
  END IF;
  RETURN NULL;
END
$$;

-- One day, added up anew from its points.
CREATE FUNCTION add_up_kpi_day(p_org text, p_kpi text, p_day date) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  day_start CONSTANT timestamptz := p_day::timestamp AT TIME ZONE 'UTC';
  day_end   CONSTANT timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  PERFORM FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi AND d.day = p_day FOR UPDATE;
  INSERT INTO "KPIDay" AS d ("organizationId", "kpiId", day, count, sum, min, max, last, "lastAt", "lastMadeAt", "lastId")
  SELECT p_org, p_kpi, p_day, a.count, a.sum, a.min, a.max, l.value, l.date, l."createdAt", l.id
    FROM (SELECT count(*) AS count, sum(kpi_bounded(value)) AS sum, min(value) AS min, max(value) AS max
            FROM "KPIDataPoint" WHERE "organizationId" = p_org AND "kpiId" = p_kpi AND date >= day_start AND date < day_end) a,
         (SELECT value, date, "createdAt", id FROM "KPIDataPoint"
           WHERE "organizationId" = p_org AND "kpiId" = p_kpi AND date >= day_start AND date < day_end
           ORDER BY date DESC, "createdAt" DESC, id DESC LIMIT 1) l
  ON CONFLICT ON CONSTRAINT "KPIDay_pkey" DO UPDATE SET
    count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max,
    last = excluded.last, "lastAt" = excluded."lastAt", "lastMadeAt" = excluded."lastMadeAt", "lastId" = excluded."lastId";
  IF NOT FOUND THEN
    DELETE FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi AND d.day = p_day;
  END IF;
END
$$;

-- The KPI's present value, and what it raises. With its last point a KPI loses its value.
CREATE FUNCTION keep_kpi(p_org text, p_kpi text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  latest CONSTANT double precision := coalesce(
    (SELECT d.last FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi ORDER BY d.day DESC LIMIT 1), 0);
BEGIN
  UPDATE "KPI" k SET "currentValue" = latest
   WHERE k."organizationId" = p_org AND k.id = p_kpi AND k."currentValue" IS DISTINCT FROM latest;
  IF EXISTS (SELECT FROM "KPIAlert" a WHERE a."organizationId" = p_org AND a."kpiId" = p_kpi) THEN
    PERFORM raise_kpi_alerts(p_org, p_kpi);
  END IF;
END
$$;

CREATE TRIGGER keep_kpi_days_added AFTER INSERT ON "KPIDataPoint" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION keep_kpi_days();
CREATE TRIGGER keep_kpi_days_changed AFTER UPDATE ON "KPIDataPoint" REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION keep_kpi_days();
CREATE TRIGGER keep_kpi_days_removed AFTER DELETE ON "KPIDataPoint" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_kpi_days();

-- What is there already; under the role that sees every tenant.
SET LOCAL ROLE prodmatic_system;
INSERT INTO "KPIDay" ("organizationId", "kpiId", day, count, sum, min, max, last, "lastAt", "lastMadeAt", "lastId")
SELECT "organizationId", "kpiId", kpi_day(date), count(*), sum(kpi_bounded(value)), min(value), max(value),
       (array_agg(value ORDER BY date DESC, "createdAt" DESC, id DESC))[1], max(date),
       (array_agg("createdAt" ORDER BY date DESC, "createdAt" DESC, id DESC))[1],
       (array_agg(id ORDER BY date DESC, "createdAt" DESC, id DESC))[1]
  FROM "KPIDataPoint" GROUP BY "organizationId", "kpiId", kpi_day(date);
UPDATE "KPI" k SET "currentValue" = k."currentValue"
 WHERE EXISTS (SELECT FROM "KPIDay" d WHERE d."organizationId" = k."organizationId" AND d."kpiId" = k.id);
RESET ROLE;

SELECT make_searchable('KPI', 'name', 'description');
