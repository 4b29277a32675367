-- What a product is made of: ideas, epics, features, releases, tasks and documents.

CREATE TYPE "Priority" AS ENUM ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW');
CREATE TYPE "IdeaStatus" AS ENUM
  ('SUBMITTED', 'UNDER_REVIEW', 'APPROVED', 'IN_DEVELOPMENT', 'IMPLEMENTED', 'REJECTED');
CREATE TYPE "EpicStatus" AS ENUM ('PLANNING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED');
CREATE TYPE "FeatureStatus" AS ENUM
  ('BACKLOG', 'IN_PROGRESS', 'IN_REVIEW', 'TESTING', 'DONE', 'CANCELLED');
CREATE TYPE "ReleaseStatus" AS ENUM
  ('PLANNING', 'IN_PROGRESS', 'TESTING', 'READY', 'RELEASED', 'CANCELLED');
CREATE TYPE "ReleaseType" AS ENUM ('MAJOR', 'MINOR', 'PATCH', 'HOTFIX');
CREATE TYPE "ChangelogKind" AS ENUM
  ('ADDED', 'CHANGED', 'FIXED', 'REMOVED', 'SECURITY', 'DEPRECATED');
CREATE TYPE "TaskStatus" AS ENUM ('TODO', 'IN_PROGRESS', 'IN_REVIEW', 'DONE', 'CANCELLED');
CREATE TYPE "DocumentType" AS ENUM ('PRD', 'RFC', 'SPEC', 'GUIDE', 'POLICY', 'GENERAL');
CREATE TYPE "DocumentStatus" AS ENUM ('DRAFT', 'REVIEW', 'APPROVED', 'PUBLISHED', 'ARCHIVED');

-- RICE needs a reach that the published schema lacks; its own example reckons with 100. The four
-- WSJF inputs have no default, because a made-up one would outrank ideas that were really judged.
CREATE TABLE "Idea" (
  id                text PRIMARY KEY,
  title             text NOT NULL,
  description       text NOT NULL,
  "productId"       text NOT NULL,
  "creatorId"       text NOT NULL,
  status            "IdeaStatus" NOT NULL DEFAULT 'SUBMITTED',
  priority          integer DEFAULT 0,
  effort            integer DEFAULT 1,
  impact            integer DEFAULT 1,
  confidence        integer DEFAULT 1,
  "riceScore"       double precision DEFAULT 0,
  "iceScore"        double precision DEFAULT 0,
  "wsjfScore"       double precision DEFAULT 0,
  tags              text[] NOT NULL DEFAULT '{}',
  "createdAt"       timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"       timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"       timestamptz(3),
  "organizationId"  text NOT NULL,
  reach             integer NOT NULL DEFAULT 100,
  "businessValue"   integer,
  "timeCriticality" integer,
  "riskReduction"   integer,
  "jobSize"         integer,
  CONSTRAINT "Idea_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Idea_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Idea_creatorId_fkey" FOREIGN KEY ("creatorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT idea_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT idea_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT idea_priority_range CHECK (priority BETWEEN 0 AND 100),
  CONSTRAINT idea_reach_range CHECK (reach BETWEEN 0 AND 1000000000),
  CONSTRAINT idea_effort_range CHECK (effort BETWEEN 1 AND 10),
  CONSTRAINT idea_impact_range CHECK (impact BETWEEN 0 AND 10),
  CONSTRAINT idea_confidence_range CHECK (confidence BETWEEN 0 AND 10),
  CONSTRAINT idea_business_value_range CHECK ("businessValue" BETWEEN 0 AND 100),
  CONSTRAINT idea_time_criticality_range CHECK ("timeCriticality" BETWEEN 0 AND 100),
  CONSTRAINT idea_risk_reduction_range CHECK ("riskReduction" BETWEEN 0 AND 100),
  CONSTRAINT idea_job_size_range CHECK ("jobSize" BETWEEN 0 AND 100),
  CONSTRAINT idea_scores_finite
    CHECK (is_finite("riceScore") AND is_finite("iceScore") AND is_finite("wsjfScore")),
  CONSTRAINT idea_tags_limit CHECK (text_list_within(tags, 20, 40))
);

CREATE TABLE "Epic" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  description      text NOT NULL,
  "productId"      text NOT NULL,
  status           "EpicStatus" NOT NULL DEFAULT 'PLANNING',
  "startDate"      timestamptz(3),
  "endDate"        timestamptz(3),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "Epic_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Epic_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT epic_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT epic_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT epic_dates_order CHECK ("endDate" >= "startDate")
);

CREATE TABLE "Feature" (
  id                   text PRIMARY KEY,
  title                text NOT NULL,
  description          text NOT NULL,
  "productId"          text NOT NULL,
  "epicId"             text,
  status               "FeatureStatus" NOT NULL DEFAULT 'BACKLOG',
  priority             "Priority" NOT NULL DEFAULT 'MEDIUM',
  "storyPoints"        integer,
  "acceptanceCriteria" text,
  "createdAt"          timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"          timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"          timestamptz(3),
  "organizationId"     text NOT NULL,
  CONSTRAINT "Feature_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Feature_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Feature_epicId_fkey" FOREIGN KEY ("organizationId", "epicId")
    REFERENCES "Epic" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("epicId"),
  CONSTRAINT feature_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT feature_description_length CHECK (char_length(description) <= 20000),
  CONSTRAINT feature_acceptance_criteria_length CHECK (char_length("acceptanceCriteria") <= 20000),
  CONSTRAINT feature_story_points_range CHECK ("storyPoints" BETWEEN 0 AND 1000)
);

CREATE TABLE "_IdeaToFeature" (
  "A"              text NOT NULL,
  "B"              text NOT NULL,
  "organizationId" text NOT NULL,
  CONSTRAINT "_IdeaToFeature_AB_pkey" PRIMARY KEY ("A", "B"),
  CONSTRAINT "_IdeaToFeature_A_fkey" FOREIGN KEY ("organizationId", "A")
    REFERENCES "Feature" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "_IdeaToFeature_B_fkey" FOREIGN KEY ("organizationId", "B")
    REFERENCES "Idea" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "Release" (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  version          text NOT NULL,
  "productId"      text NOT NULL,
  description      text,
  status           "ReleaseStatus" NOT NULL DEFAULT 'PLANNING',
  type             "ReleaseType" NOT NULL DEFAULT 'MINOR',
  "targetDate"     timestamptz(3),
  "releaseDate"    timestamptz(3),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "Release_organizationId_id_key" UNIQUE ("organizationId", id),
  CONSTRAINT "Release_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT release_name_length CHECK (name ~ '\S' AND char_length(name) <= 200),
  CONSTRAINT release_version_length CHECK (version ~ '\S' AND char_length(version) <= 64),
  CONSTRAINT release_description_length CHECK (char_length(description) <= 20000)
);

CREATE TABLE "_FeatureToRelease" (
  "A"              text NOT NULL,
  "B"              text NOT NULL,
  "organizationId" text NOT NULL,
  CONSTRAINT "_FeatureToRelease_AB_pkey" PRIMARY KEY ("A", "B"),
  CONSTRAINT "_FeatureToRelease_A_fkey" FOREIGN KEY ("organizationId", "A")
    REFERENCES "Feature" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "_FeatureToRelease_B_fkey" FOREIGN KEY ("organizationId", "B")
    REFERENCES "Release" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- The next two are named by the published schema without being defined.
CREATE TABLE "Changelog" (
  id               text PRIMARY KEY,
  "releaseId"      text NOT NULL,
  kind             "ChangelogKind" NOT NULL,
  title            text NOT NULL,
  description      text,
  published        boolean NOT NULL DEFAULT false,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "Changelog_releaseId_fkey" FOREIGN KEY ("organizationId", "releaseId")
    REFERENCES "Release" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT changelog_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT changelog_description_length CHECK (char_length(description) <= 20000)
);

CREATE TABLE "LaunchChecklistItem" (
  id               text PRIMARY KEY,
  "releaseId"      text NOT NULL,
  title            text NOT NULL,
  description      text,
  required         boolean NOT NULL DEFAULT true,
  completed        boolean NOT NULL DEFAULT false,
  "completedAt"    timestamptz(3),
  "assigneeId"     text,
  "dueDate"        timestamptz(3),
  position         integer NOT NULL DEFAULT 0,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "organizationId" text NOT NULL,
  CONSTRAINT "LaunchChecklistItem_releaseId_fkey" FOREIGN KEY ("organizationId", "releaseId")
    REFERENCES "Release" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "LaunchChecklistItem_assigneeId_fkey" FOREIGN KEY ("assigneeId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT launch_checklist_item_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT launch_checklist_item_description_length CHECK (char_length(description) <= 20000)
);

CREATE TABLE "Task" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  description      text,
  "productId"      text NOT NULL,
  "featureId"      text,
  "assigneeId"     text,
  status           "TaskStatus" NOT NULL DEFAULT 'TODO',
  priority         "Priority" NOT NULL DEFAULT 'MEDIUM',
  "dueDate"        timestamptz(3),
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  "organizationId" text NOT NULL,
  CONSTRAINT "Task_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Task_featureId_fkey" FOREIGN KEY ("organizationId", "featureId")
    REFERENCES "Feature" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("featureId"),
  CONSTRAINT "Task_assigneeId_fkey" FOREIGN KEY ("assigneeId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT task_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT task_description_length CHECK (char_length(description) <= 20000)
);

CREATE TABLE "Document" (
  id               text PRIMARY KEY,
  title            text NOT NULL,
  content          text NOT NULL,
  type             "DocumentType" NOT NULL DEFAULT 'GENERAL',
  status           "DocumentStatus" NOT NULL DEFAULT 'DRAFT',
  version          integer NOT NULL DEFAULT 1,
  "productId"      text,
  "organizationId" text NOT NULL,
  "authorId"       text NOT NULL,
  "createdAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz(3) NOT NULL DEFAULT now(),
  "deletedAt"      timestamptz(3),
  CONSTRAINT "Document_productId_fkey" FOREIGN KEY ("organizationId", "productId")
    REFERENCES "Product" ("organizationId", id) ON UPDATE CASCADE ON DELETE SET NULL ("productId"),
  CONSTRAINT "Document_organizationId_fkey" FOREIGN KEY ("organizationId")
    REFERENCES "Organization" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT "Document_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT document_title_length CHECK (title ~ '\S' AND char_length(title) <= 200),
  CONSTRAINT document_content_length CHECK (octet_length(content) <= 5 * 1024 * 1024),
  CONSTRAINT document_version_positive CHECK (version >= 1)
);
