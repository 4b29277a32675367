-- How a KPI stands on a day, so that lists can be narrowed by it and overviews can count by it. The same is `standing` in the
-- program's model, which tests hold against this.

-- What counts is the latest period that has a value; of sums it is the latest that is over, unless there is no other. A KPI is overdue
-- once the last period that is over has no value, and empty as long as it never had one. As in the program, no more than the latest
-- period and the twelve before it are looked at.
CREATE FUNCTION kpi_standing(p_org text, p_kpi text, p_day date)
RETURNS TABLE (status text, period date, value double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
AS $$
  WITH kpi AS (
    SELECT k.frequency, k.aggregation, k.direction, k."targetValue" AS target, kpi_period(k.frequency, p_day) AS present,
           (SELECT kpi_period(k.frequency, max(d.day)) FROM "KPIDay" d WHERE d."organizationId" = p_org AND d."kpiId" = p_kpi) AS latest
      FROM "KPI" k WHERE k."organizationId" = p_org AND k.id = p_kpi
  ), valued AS (
    SELECT kpi_period(kpi.frequency, d.day) AS period,
           CASE kpi.aggregation
             WHEN 'SUM' THEN sum(d.sum)
             WHEN 'MEAN' THEN sum(d.sum) / sum(d.count)
             ELSE (array_agg(d.last ORDER BY d.day DESC))[1] END AS value
      FROM kpi JOIN "KPIDay" d ON d."organizationId" = p_org AND d."kpiId" = p_kpi
                              AND d.day >= kpi_period_after(kpi.frequency, kpi.latest, -12)
     GROUP BY kpi.frequency, kpi.aggregation, kpi_period(kpi.frequency, d.day)
  ), counts AS (
    SELECT v.period, v.value FROM kpi JOIN valued v ON true
     ORDER BY kpi.aggregation = 'SUM' AND v.period >= kpi.present, v.period DESC LIMIT 1
  )
  SELECT CASE
           WHEN kpi.latest IS NULL THEN 'EMPTY'
           WHEN kpi.latest < kpi_period_after(kpi.frequency, kpi.present, -1) THEN 'OVERDUE'
           WHEN kpi.direction = 'HIGHER' AND c.value >= kpi.target OR kpi.direction = 'LOWER' AND c.value <= kpi.target THEN 'ON_TARGET'
           ELSE 'OFF_TARGET' END,
         c.period, c.value
    FROM kpi LEFT JOIN counts c ON true
$$;
