-- Numbers so small that nobody means them: a mean or a change that is made of them is less than its type holds, which Postgres refuses,
-- and with that whatever is asked of their KPI.

-- A value as it is added up: neither a sum, nor a mean, nor a share of it leaves the range of its type. What is less than 1e-150 is nothing.
CREATE OR REPLACE FUNCTION kpi_bounded(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT CASE WHEN abs(value) < '1e-150'::double precision THEN 0
              ELSE greatest(least(value, '1e290'::double precision), '-1e290'::double precision) END
$$;

-- As before, but against a value that is next to nothing there is no change, and no threshold is less than 1e-100.
CREATE OR REPLACE FUNCTION kpi_rule_holds(kind "KPIAlertKind", threshold double precision, value double precision, previous double precision)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT coalesce(
    CASE kind
      WHEN 'ABOVE' THEN value > threshold
      WHEN 'BELOW' THEN value < threshold
      ELSE value IS NOT NULL AND previous <> 0 AND kpi_bounded(previous) <> 0
           AND abs(kpi_bounded(value) - kpi_bounded(previous))
               >= greatest(threshold, '1e-100'::double precision) / 100 * abs(kpi_bounded(previous)) END,
    false)
$$;

-- What is there already; under the role that sees every tenant. Of rules that become the same one stays.
SET LOCAL ROLE prodmatic_system;
UPDATE "KPIDay" SET sum = 0 WHERE sum <> 0 AND abs(sum) < '1e-150'::double precision;
DELETE FROM "KPIAlert" a USING "KPIAlert" other
 WHERE a.kind = 'CHANGE' AND a.threshold < 0.001 AND other.kind = 'CHANGE' AND other.threshold <= 0.001
   AND other."organizationId" = a."organizationId" AND other."kpiId" = a."kpiId" AND (other.threshold, other.id) > (a.threshold, a.id);
UPDATE "KPIAlert" SET threshold = 0.001 WHERE kind = 'CHANGE' AND threshold < 0.001;
RESET ROLE;

ALTER TABLE "KPIAlert"
  DROP CONSTRAINT kpi_alert_change_range,
  ADD CONSTRAINT kpi_alert_change_range CHECK (kind <> 'CHANGE' OR threshold >= 0.001 AND threshold <= 1000000);
