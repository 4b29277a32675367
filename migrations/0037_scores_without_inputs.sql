-- A score goes when one of the inputs that it was computed from is taken away: it would tell of numbers that are no longer there, and
-- an idea that was sent out and taken in again would stand elsewhere in the list. A score that was given without its inputs stays.
CREATE FUNCTION score_left(given double precision, before double precision, was_computed boolean) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN was_computed AND given IS NOT DISTINCT FROM before THEN 0 ELSE coalesce(given, 0) END $$;

CREATE OR REPLACE FUNCTION keep_idea_scores() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  reach      CONSTANT double precision := NEW.reach;
  impact     CONSTANT double precision := NEW.impact;
  confidence CONSTANT double precision := NEW.confidence;
  effort     CONSTANT double precision := NEW.effort;
  value      CONSTANT double precision :=
    NEW."businessValue"::double precision + NEW."timeCriticality" + NEW."riskReduction";
  job_size   CONSTANT double precision := NEW."jobSize";
BEGIN
  NEW."riceScore" := coalesce(
    CASE WHEN effort = 0 THEN 0 * reach * impact * confidence
         ELSE reach * impact * confidence / effort END,
    score_left(NEW."riceScore", OLD."riceScore", num_nulls(OLD.reach, OLD.impact, OLD.confidence, OLD.effort) = 0));
  NEW."iceScore" := coalesce(
    impact * confidence * (10 - effort + 1),
    score_left(NEW."iceScore", OLD."iceScore", num_nulls(OLD.impact, OLD.confidence, OLD.effort) = 0));
  NEW."wsjfScore" := coalesce(
    CASE WHEN job_size = 0 THEN 0 * value ELSE value / job_size END,
    score_left(NEW."wsjfScore", OLD."wsjfScore",
               num_nulls(OLD."businessValue", OLD."timeCriticality", OLD."riskReduction", OLD."jobSize") = 0));
  NEW.priority := coalesce(NEW.priority, 0);
  RETURN NEW;
END
$$;
