-- How a product is doing, and who is told: goals, figures, experiments, feedback, webhooks, audit.

CREATE TYPE "OKRStatus" AS ENUM ('DRAFT', 'ACTIVE', 'COMPLETED', 'CANCELLED');
CREATE TYPE "Frequency" AS ENUM ('DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY');
CREATE TYPE "ExperimentStatus" AS ENUM ('DRAFT', 'RUNNING', 'COMPLETED', 'CANCELLED');
CREATE TYPE "FeedbackType" AS ENUM
  ('FEATURE_REQUEST', 'BUG_REPORT', 'IMPROVEMENT', 'COMPLAINT', 'COMPLIMENT');
CREATE TYPE "FeedbackStatus" AS ENUM
  ('SUBMITTED', 'UNDER_REVIEW', 'PLANNED', 'IN_PROGRESS', 'COMPLETED', 'REJECTED');
CREATE TYPE "WebhookStatus" AS ENUM ('PENDING', 'SUCCESS', 'FAILED', 'RETRYING');

CREATE TABLE "OKR" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  description      text,
  "productId"      text NOT NULL,
  "ownerId"        text NOT NULL,
  quarter          text NOT NULL,
  status           "OKRStatus" NOT NULL DEFAULT 'DRAFT',
  progress         double precision NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "OKR_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "OKR_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "OKR_ownerId_fkey" FOREIGN KEY ("ownerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT okr_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT okr_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT okr_quarter_shape CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
  CONSTRAINT okr_progress_range CHECK (progress BETWEEN 0 AND 100)
);

CREATE TABLE "KeyResult" (
  id               text PRIMARY KEY,
  "okrId"          text NOT NULL,
  title            text NOT NULL,
  description      text,
  "targetValue"    double precision NOT NULL,
  "currentValue"   double precision NOT NULL DEFAULT 0,
  unit             text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KeyResult_okrId_fkey" FOREIGN KEY ("organizationId", "okrId")
    REFERENCES "OKR" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT key_result_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT key_result_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT key_result_values_finite
    CHECK (is_finite("targetValue") AND is_finite("currentValue")),
  CONSTRAINT key_result_unit_length CHECK (char_length(unit) <= 40)
);

CREATE TABLE "KPI" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  description      text,
  "productId"      text NOT NULL,
  "ownerId"        text NOT NULL,
  "targetValue"    double precision NOT NULL,
  "currentValue"   double precision NOT NULL DEFAULT 0,
  unit             text NOT NULL,
  frequency        "Frequency" NOT NULL DEFAULT 'MONTHLY',
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "KPI_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "KPI_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "KPI_ownerId_fkey" FOREIGN KEY ("ownerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT kpi_name_length CHECK (name ~ '\S' AND char_length(name) <= 200),
  CONSTRAINT kpi_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT kpi_values_finite CHECK (is_finite("targetValue") AND is_finite("currentValue")),
  CONSTRAINT kpi_unit_length CHECK (char_length(unit) <= 40)
);

CREATE TABLE "KPIDataPoint" (
  id               text PRIMARY KEY,
  "kpiId"          text NOT NULL,
  value            double precision NOT NULL,
  date             timestamptz(3) NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "KPIDataPoint_kpiId_fkey" FOREIGN KEY ("organizationId", "kpiId")
    REFERENCES "KPI" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT kpi_data_point_value_finite CHECK (is_finite(value))
);

CREATE TABLE "Experiment" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  description      text,
  hypothesis       text NOT NULL,
  "productId"      text NOT NULL,
  "ownerId"        text NOT NULL,
  status           "ExperimentStatus" NOT NULL DEFAULT 'DRAFT',
  "startDate"      timestamptz(3),
  "endDate"        timestamptz(3),
  metrics          text[] NOT NULL DEFAULT '{}',
  results          jsonb,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "Experiment_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Experiment_ownerId_fkey" FOREIGN KEY ("ownerId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT experiment_name_length CHECK (name ~ '\S' AND char_length(name) <= 200),
  CONSTRAINT experiment_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT experiment_hypothesis_length CHECK (char_length(hypothesis) <= 20000),
  CONSTRAINT experiment_dates_order CHECK ("endDate" >= "startDate"),
  CONSTRAINT experiment_metrics_limit CHECK (text_list_within(metrics, 50, 200))
);

CREATE TABLE "Feedback" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  description      text NOT NULL,
  "productId"      text NOT NULL,
  type             "FeedbackType" NOT NULL DEFAULT 'FEATURE_REQUEST',
  status           "FeedbackStatus" NOT NULL DEFAULT 'SUBMITTED',
  priority         "Priority" NOT NULL DEFAULT 'MEDIUM',
  source           text,
  "userEmail"      text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "Feedback_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT feedback_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT feedback_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT feedback_source_length CHECK (char_length(source) <= 120),
  CONSTRAINT feedback_user_email_length CHECK (char_length("userEmail") <= 254)
);

CREATE TABLE "Webhook" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  url              text NOT NULL,
  "organizationId" text NOT NULL,
  events           text[] NOT NULL DEFAULT '{}',
  secret           text,
  active           boolean NOT NULL DEFAULT true,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "Webhook_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Webhook_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT webhook_name_length CHECK (name ~ '\S' AND char_length(name) <= 200),
  CONSTRAINT webhook_url_shape CHECK (char_length(url) <= 2048 AND url ~* '^https?://\S+$'),
  CONSTRAINT webhook_events_limit CHECK (text_list_within(events, 100, 100))
);

CREATE TABLE "WebhookDelivery" (
  id               text PRIMARY KEY,
  "webhookId"      text NOT NULL,
  event            text NOT NULL,
  payload          jsonb NOT NULL,
  status           "WebhookStatus" NOT NULL DEFAULT 'PENDING',
  attempts         integer NOT NULL DEFAULT 0,
  response         text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "WebhookDelivery_webhookId_fkey" FOREIGN KEY ("organizationId", "webhookId")
    REFERENCES "Webhook" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT webhook_delivery_attempts_range CHECK (attempts BETWEEN 0 AND 100)
);

-- The record outlives the person: deleting an account empties "userId" and keeps the row.
CREATE TABLE "AuditLog" (
  id               text PRIMARY KEY,
  action           text NOT NULL,
  "entityType"     text NOT NULL,
  "entityId"       text NOT NULL,
  "userId"         text,
  "organizationId" text NOT NULL,
  metadata         jsonb,
  "ipAddress"      text,
  "userAgent"      text,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT "AuditLog_userId_fkey" FOREIGN KEY ("userId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT "AuditLog_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE
);
