-- A product's life: what has to hold before it moves on from a stage, what of that holds already, and
-- how it ends.

-- What the end of a product needs. A client of the published schema may leave both out; our own forms
-- do not.
ALTER TABLE "Product"
  ADD COLUMN "endOfLife" date,
  ADD COLUMN "sunsetPlan" text,
  ADD CONSTRAINT product_sunset_plan_length CHECK (char_length("sunsetPlan") <= 20000);

-- An organisation's own exit criteria of a stage, in order; a stage without a row has those that come
-- with the program.
CREATE TABLE "LifecycleCriteria" (
  id               text PRIMARY KEY,
  stage            "Lifecycle" NOT NULL,
  criteria         text[] NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "LifecycleCriteria_organizationId_stage_key" UNIQUE ("organizationId", stage),
  CONSTRAINT "LifecycleCriteria_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT lifecycle_criteria_limit CHECK (cardinality(criteria) BETWEEN 1 AND 20)
);

-- A criterion that holds for a product, who has said so, and when. It names the criterion by its words:
-- one that is reworded afterwards has to be looked at again.
CREATE TABLE "LifecycleCheck" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  stage            "Lifecycle" NOT NULL,
  criterion        text NOT NULL,
  "userId"         text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "LifecycleCheck_productId_stage_criterion_key" UNIQUE ("organizationId", "productId", stage, criterion),
  CONSTRAINT "LifecycleCheck_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "LifecycleCheck_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT lifecycle_check_criterion_length CHECK (criterion ~ '\S' AND char_length(criterion) <= 200)
);
CREATE INDEX "LifecycleCheck_userId_idx" ON "LifecycleCheck" ("userId");

-- Why a product moved on although criteria were open, and which.
CREATE TABLE "EarlyMove" (
  id               text PRIMARY KEY,
  "productId"      text NOT NULL,
  "fromStage"      "Lifecycle" NOT NULL,
  "toStage"        "Lifecycle" NOT NULL,
  reason           text NOT NULL,
  "openCriteria"   text[] NOT NULL,
  "userId"         text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "EarlyMove_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "EarlyMove_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT early_move_reason_length CHECK (reason ~ '\S' AND char_length(reason) <= 2000)
);
CREATE INDEX "EarlyMove_productId_idx" ON "EarlyMove" ("organizationId", "productId", "createdAt");
CREATE INDEX "EarlyMove_userId_idx" ON "EarlyMove" ("userId");

CREATE TRIGGER fill_organization_id BEFORE INSERT ON "LifecycleCheck" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('Product', 'productId');
CREATE TRIGGER fill_organization_id BEFORE INSERT ON "EarlyMove" FOR EACH ROW
  WHEN (NEW."organizationId" IS NULL) EXECUTE FUNCTION fill_organization_id('Product', 'productId');

DO $$
DECLARE
  made text;
BEGIN
  FOREACH made IN ARRAY ARRAY['LifecycleCriteria', 'LifecycleCheck', 'EarlyMove'] LOOP
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

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "LifecycleCriteria" FOR EACH ROW
  EXECUTE FUNCTION audit_row('exit_criteria');
-- These two stand in the history of their product.
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "LifecycleCheck" FOR EACH ROW
  EXECUTE FUNCTION audit_row('exit_criterion', 'Product', 'productId');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "EarlyMove" FOR EACH ROW
  EXECUTE FUNCTION audit_row('early_move', 'Product', 'productId');
