-- Experiments: their variants and metrics, how they are read, and what came in day by day.

-- ---- How an experiment is read

ALTER TABLE "Experiment"
  -- The share of experiments without any effect that may be taken for one with.
  ADD COLUMN alpha double precision NOT NULL DEFAULT 0.05,
  -- For several metrics and variants at once.
  ADD COLUMN correction text NOT NULL DEFAULT 'HOLM',
  ADD COLUMN sides text NOT NULL DEFAULT 'TWO',
  -- N*, the number of units for which the sequential interval is narrowest.
  ADD COLUMN "tunedFor" bigint NOT NULL DEFAULT 5000,
  -- Of the relative effect, before anything was seen; flat without one.
  ADD COLUMN "priorMean" double precision,
  ADD COLUMN "priorVariance" double precision,
  ADD COLUMN cuped boolean NOT NULL DEFAULT true,
  -- Units in all variants together.
  ADD COLUMN "plannedSize" bigint,
  ADD CONSTRAINT "Experiment_organizationId_id_key" UNIQUE ("organizationId", id),
  ADD CONSTRAINT experiment_alpha_range CHECK (alpha BETWEEN 0.0001 AND 0.5),
  ADD CONSTRAINT experiment_correction_word CHECK (correction IN ('HOLM', 'BENJAMINI_HOCHBERG', 'NONE')),
  ADD CONSTRAINT experiment_sides_word CHECK (sides IN ('TWO', 'ONE')),
  ADD CONSTRAINT experiment_tuned_for_range CHECK ("tunedFor" BETWEEN 1 AND 1000000000000),
  ADD CONSTRAINT experiment_prior_whole
    CHECK (("priorMean" IS NULL) = ("priorVariance" IS NULL) AND abs("priorMean") <= 1000 AND "priorVariance" BETWEEN 1e-12 AND 1000000),
  ADD CONSTRAINT experiment_planned_size_range CHECK ("plannedSize" BETWEEN 1 AND 1000000000000);

-- ---- Variants: who gets what

CREATE TABLE "ExperimentVariant" (
  id               text PRIMARY KEY,
  "experimentId"   text NOT NULL,
  name             text NOT NULL,
  description      text,
  weight           double precision NOT NULL,
  control          boolean NOT NULL DEFAULT false,
  position         integer NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  -- So that a result can say that its variant is of its experiment.
  CONSTRAINT "ExperimentVariant_experimentId_id_key" UNIQUE ("organizationId", "experimentId", id),
  CONSTRAINT "ExperimentVariant_experimentId_fkey" FOREIGN KEY ("organizationId", "experimentId")
    REFERENCES "Experiment" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT experiment_variant_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT experiment_variant_description_length CHECK (char_length(description) <= 2000),
  CONSTRAINT experiment_variant_weight_range CHECK (weight BETWEEN 0 AND 1)
);
-- Files name variants, in capitals or not.
CREATE UNIQUE INDEX "ExperimentVariant_name_key" ON "ExperimentVariant" ("organizationId", "experimentId", lower(name));

-- Whoever writes: an experiment's weights sum to one, and one variant is the control. Looked at when a transaction ends, since
-- no change of two weights is right half-way.
CREATE FUNCTION check_experiment_variants() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  changed CONSTANT "ExperimentVariant" := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  variants record;
BEGIN
  SELECT count(*) AS count, sum(weight) AS weight, count(*) FILTER (WHERE control) AS controls INTO variants
    FROM "ExperimentVariant" v WHERE v."organizationId" = changed."organizationId" AND v."experimentId" = changed."experimentId";
  IF variants.count > 0 AND abs(variants.weight - 1) > 0.000001 THEN
    RAISE check_violation USING
      MESSAGE = 'the weights of an experiment''s variants sum to one',
      SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'experiment_variant_weights';
  END IF;
  IF variants.count > 0 AND variants.controls <> 1 THEN
    RAISE check_violation USING
      MESSAGE = 'one variant of an experiment is its control',
      SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'experiment_variant_control';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER check_experiment_variants AFTER INSERT OR UPDATE OR DELETE ON "ExperimentVariant"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_experiment_variants();

-- ---- Metrics: what is measured

CREATE TABLE "ExperimentMetric" (
  id               text PRIMARY KEY,
  "experimentId"   text NOT NULL,
  name             text NOT NULL,
  kind             text NOT NULL DEFAULT 'PROPORTION',
  direction        text NOT NULL DEFAULT 'INCREASE',
  role             text NOT NULL DEFAULT 'PRIMARY',
  -- How much worse a guardrail may become, as a share of the control's mean.
  margin           double precision,
  position         integer NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "ExperimentMetric_experimentId_id_key" UNIQUE ("organizationId", "experimentId", id),
  CONSTRAINT "ExperimentMetric_experimentId_fkey" FOREIGN KEY ("organizationId", "experimentId")
    REFERENCES "Experiment" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT experiment_metric_name_length CHECK (name ~ '\S' AND char_length(name) <= 120),
  CONSTRAINT experiment_metric_kind_word CHECK (kind IN ('PROPORTION', 'MEAN', 'RATIO')),
  CONSTRAINT experiment_metric_direction_word CHECK (direction IN ('INCREASE', 'DECREASE')),
  CONSTRAINT experiment_metric_role_word CHECK (role IN ('PRIMARY', 'GUARDRAIL')),
  CONSTRAINT experiment_metric_margin_range CHECK (margin BETWEEN 0 AND 1)
);
CREATE UNIQUE INDEX "ExperimentMetric_name_key" ON "ExperimentMetric" ("organizationId", "experimentId", lower(name));

-- The published schema has the metrics by name: kept true here, so that its clients see them.
CREATE FUNCTION keep_experiment_metrics() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  changed CONSTANT "ExperimentMetric" := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  UPDATE "Experiment" e SET metrics = coalesce(named.names, '{}')
    FROM (SELECT array_agg(m.name ORDER BY m.position, m.id) AS names FROM "ExperimentMetric" m
           WHERE m."organizationId" = changed."organizationId" AND m."experimentId" = changed."experimentId") named
   WHERE e."organizationId" = changed."organizationId" AND e.id = changed."experimentId"
     AND e.metrics IS DISTINCT FROM coalesce(named.names, '{}');
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_experiment_metrics AFTER INSERT OR UPDATE OR DELETE ON "ExperimentMetric"
  FOR EACH ROW EXECUTE FUNCTION keep_experiment_metrics();

-- ---- Results: sums over the units that came in on a day

-- The bounds leave room for the products that the statistics are made of. What a column may hold besides depends on the kind of
-- the metric and is the application's own rule, as is that no sum of squares is below what its sum needs: rounding has its say.
CREATE TABLE "ExperimentResult" (
  id                   text PRIMARY KEY,
  "experimentId"       text NOT NULL,
  "variantId"          text NOT NULL,
  "metricId"           text NOT NULL,
  day                  date NOT NULL,
  n                    bigint NOT NULL,
  sum                  double precision NOT NULL,
  -- Of a proportion the sum itself.
  "sumSquares"         double precision NOT NULL,
  -- Of what was known of each unit before the experiment, for CUPED; with the products of the two.
  "covariateSum"       double precision,
  "covariateSquares"   double precision,
  "covariateCross"     double precision,
  -- Of what a ratio is divided by; with the products of the two.
  "denominatorSum"     double precision,
  "denominatorSquares" double precision,
  "denominatorCross"   double precision,
  "createdAt"          timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"          timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId"     text NOT NULL,
  CONSTRAINT "ExperimentResult_day_key" UNIQUE ("organizationId", "variantId", "metricId", day),
  CONSTRAINT "ExperimentResult_experimentId_fkey" FOREIGN KEY ("organizationId", "experimentId")
    REFERENCES "Experiment" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "ExperimentResult_variantId_fkey" FOREIGN KEY ("organizationId", "experimentId", "variantId")
    REFERENCES "ExperimentVariant" ("organizationId", "experimentId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "ExperimentResult_metricId_fkey" FOREIGN KEY ("organizationId", "experimentId", "metricId")
    REFERENCES "ExperimentMetric" ("organizationId", "experimentId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT experiment_result_day_range CHECK (day BETWEEN '1970-01-01' AND '9999-12-31'),
  CONSTRAINT experiment_result_n_range CHECK (n BETWEEN 1 AND 1000000000000),
  CONSTRAINT experiment_result_sum_range CHECK (abs(sum) <= 1e50),
  CONSTRAINT experiment_result_squares_range CHECK ("sumSquares" BETWEEN 0 AND 1e100),
  CONSTRAINT experiment_result_covariate_range CHECK (
    abs("covariateSum") <= 1e50 AND "covariateSquares" BETWEEN 0 AND 1e100 AND abs("covariateCross") <= 1e100),
  CONSTRAINT experiment_result_covariate_whole CHECK (num_nulls("covariateSum", "covariateSquares", "covariateCross") IN (0, 3)),
  CONSTRAINT experiment_result_denominator_range CHECK (
    abs("denominatorSum") <= 1e50 AND "denominatorSquares" BETWEEN 0 AND 1e100 AND abs("denominatorCross") <= 1e100),
  CONSTRAINT experiment_result_denominator_whole CHECK (num_nulls("denominatorSum", "denominatorSquares", "denominatorCross") IN (0, 3))
);
CREATE INDEX "ExperimentResult_page_idx" ON "ExperimentResult" ("organizationId", "experimentId", day DESC, id DESC);

-- ---- What all of them have

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN
    SELECT * FROM (VALUES
      ('ExperimentVariant', 'experiment_variant'),
      ('ExperimentMetric',  'experiment_metric'),
      ('ExperimentResult',  'experiment_result')
    ) AS v (name, word)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER fill_organization_id BEFORE INSERT ON %I FOR EACH ROW '
      'WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id(''Experiment'', ''experimentId'')', made.name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made.name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I '
      'USING ("organizationId" = current_setting(''app.organization_id'', true)) '
      'WITH CHECK ("organizationId" = current_setting(''app.organization_id'', true))', made.name);
    EXECUTE format('CREATE POLICY system ON %I TO prodmatic_system USING (true) WITH CHECK (true)', made.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO prodmatic_app, prodmatic_system', made.name);
    EXECUTE format(
      'CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %I FOR EACH ROW '
      'WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()', made.name);
    EXECUTE format(
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION audit_row(%L)',
      made.name, made.word);
  END LOOP;
END
$$;

-- ---- Search

SELECT make_searchable('Experiment', 'name', 'hypothesis');
