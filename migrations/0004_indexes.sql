-- The published schema's indexes: under the names of its own SQL where that gives one, otherwise
-- under Prisma's default name, so that neither a reader of that page nor Prisma finds one missing.

CREATE INDEX idx_organization_slug ON "Organization"(slug);
CREATE INDEX idx_organization_deleted ON "Organization"("deletedAt");
CREATE INDEX idx_product_key ON "Product"(key);
CREATE INDEX idx_product_organization ON "Product"("organizationId");
CREATE INDEX idx_product_lifecycle ON "Product"(lifecycle);
CREATE INDEX idx_product_deleted ON "Product"("deletedAt");
CREATE INDEX "Team_organizationId_idx" ON "Team"("organizationId");
CREATE INDEX "Team_deletedAt_idx" ON "Team"("deletedAt");
CREATE INDEX "_ProductToTeam_B_index" ON "_ProductToTeam"("B");
CREATE INDEX idx_user_email ON "User"(email);
CREATE INDEX idx_membership_user_org ON "Membership"("userId", "organizationId");
CREATE INDEX "Membership_organizationId_idx" ON "Membership"("organizationId");
CREATE INDEX "Membership_teamId_idx" ON "Membership"("teamId");

CREATE INDEX idx_idea_product ON "Idea"("productId");
CREATE INDEX "Idea_creatorId_idx" ON "Idea"("creatorId");
CREATE INDEX "Idea_status_idx" ON "Idea"(status);
CREATE INDEX "Idea_priority_idx" ON "Idea"(priority);
CREATE INDEX "Feature_productId_idx" ON "Feature"("productId");
CREATE INDEX "Feature_epicId_idx" ON "Feature"("epicId");
CREATE INDEX idx_feature_status ON "Feature"(status);
CREATE INDEX "Feature_priority_idx" ON "Feature"(priority);
CREATE INDEX "_IdeaToFeature_B_index" ON "_IdeaToFeature"("B");
CREATE INDEX "Epic_productId_idx" ON "Epic"("productId");
CREATE INDEX "Epic_status_idx" ON "Epic"(status);
CREATE INDEX "Release_productId_idx" ON "Release"("productId");
CREATE INDEX idx_release_status ON "Release"(status);
CREATE INDEX "Release_targetDate_idx" ON "Release"("targetDate");
CREATE INDEX "_FeatureToRelease_B_index" ON "_FeatureToRelease"("B");
CREATE INDEX "Document_productId_idx" ON "Document"("productId");
CREATE INDEX "Document_organizationId_idx" ON "Document"("organizationId");
CREATE INDEX "Document_authorId_idx" ON "Document"("authorId");
CREATE INDEX "Document_type_idx" ON "Document"(type);
CREATE INDEX "Document_status_idx" ON "Document"(status);
CREATE INDEX "Task_productId_idx" ON "Task"("productId");
CREATE INDEX "Task_featureId_idx" ON "Task"("featureId");
CREATE INDEX "Task_assigneeId_idx" ON "Task"("assigneeId");
CREATE INDEX "Task_status_idx" ON "Task"(status);
CREATE INDEX "Task_dueDate_idx" ON "Task"("dueDate");

CREATE INDEX "OKR_productId_idx" ON "OKR"("productId");
CREATE INDEX "OKR_ownerId_idx" ON "OKR"("ownerId");
CREATE INDEX "OKR_quarter_idx" ON "OKR"(quarter);
CREATE INDEX "OKR_status_idx" ON "OKR"(status);
CREATE INDEX "KeyResult_okrId_idx" ON "KeyResult"("okrId");
CREATE INDEX "KPI_productId_idx" ON "KPI"("productId");
CREATE INDEX "KPI_ownerId_idx" ON "KPI"("ownerId");
CREATE INDEX "KPI_frequency_idx" ON "KPI"(frequency);
CREATE INDEX "KPIDataPoint_kpiId_idx" ON "KPIDataPoint"("kpiId");
CREATE INDEX "KPIDataPoint_date_idx" ON "KPIDataPoint"(date);
CREATE INDEX "Experiment_productId_idx" ON "Experiment"("productId");
CREATE INDEX "Experiment_ownerId_idx" ON "Experiment"("ownerId");
CREATE INDEX "Experiment_status_idx" ON "Experiment"(status);
CREATE INDEX "Experiment_startDate_idx" ON "Experiment"("startDate");
CREATE INDEX "Feedback_productId_idx" ON "Feedback"("productId");
CREATE INDEX "Feedback_type_idx" ON "Feedback"(type);
CREATE INDEX "Feedback_status_idx" ON "Feedback"(status);
CREATE INDEX "Feedback_priority_idx" ON "Feedback"(priority);
CREATE INDEX "Webhook_organizationId_idx" ON "Webhook"("organizationId");
CREATE INDEX "Webhook_active_idx" ON "Webhook"(active);
CREATE INDEX "WebhookDelivery_webhookId_idx" ON "WebhookDelivery"("webhookId");
CREATE INDEX "WebhookDelivery_status_idx" ON "WebhookDelivery"(status);
CREATE INDEX "WebhookDelivery_createdAt_idx" ON "WebhookDelivery"("createdAt");
CREATE INDEX "AuditLog_userId_idx" ON "AuditLog"("userId");
CREATE INDEX "AuditLog_organizationId_idx" ON "AuditLog"("organizationId");
CREATE INDEX idx_audit_log_entity ON "AuditLog"("entityType", "entityId");
CREATE INDEX "AuditLog_action_idx" ON "AuditLog"(action);
CREATE INDEX idx_audit_log_created ON "AuditLog"("createdAt");

-- Foreign keys that the published schema leaves without an index: deleting the person, release or
-- team that they point at would read the whole table.
CREATE INDEX "Account_userId_idx" ON "Account"("userId");
CREATE INDEX "Session_userId_idx" ON "Session"("userId");
CREATE INDEX "Invitation_organizationId_idx" ON "Invitation"("organizationId");
CREATE INDEX "Invitation_teamId_idx" ON "Invitation"("teamId");
CREATE INDEX "Invitation_invitedById_idx" ON "Invitation"("invitedById");
CREATE INDEX "Changelog_releaseId_idx" ON "Changelog"("releaseId");
CREATE INDEX "LaunchChecklistItem_releaseId_idx" ON "LaunchChecklistItem"("releaseId");
CREATE INDEX "LaunchChecklistItem_assigneeId_idx" ON "LaunchChecklistItem"("assigneeId");
CREATE INDEX "SignInFailure_emailHash_createdAt_idx" ON "SignInFailure"("emailHash", "createdAt");
CREATE INDEX "SignInFailure_ipAddress_createdAt_idx" ON "SignInFailure"("ipAddress", "createdAt");

-- One index for each order in which a list is paged: tenant, parent, sort key, id. Any page is then
-- one range of one index, however deep. Rows in the bin are left out because lists never show them.
CREATE INDEX "Idea_page_rice_idx" ON "Idea" ("organizationId", "productId", "riceScore" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Idea_page_ice_idx" ON "Idea" ("organizationId", "productId", "iceScore" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Idea_page_wsjf_idx" ON "Idea" ("organizationId", "productId", "wsjfScore" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Idea_page_priority_idx" ON "Idea" ("organizationId", "productId", priority DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Idea_page_created_idx" ON "Idea" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Product_page_name_idx" ON "Product" ("organizationId", name, id)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Feature_page_created_idx" ON "Feature" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Epic_page_created_idx" ON "Epic" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Release_page_created_idx" ON "Release" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "OKR_page_created_idx" ON "OKR" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "KPI_page_created_idx" ON "KPI" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Experiment_page_created_idx" ON "Experiment" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Feedback_page_created_idx" ON "Feedback" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Task_page_created_idx" ON "Task" ("organizationId", "productId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "Document_page_created_idx" ON "Document" ("organizationId", "createdAt" DESC, id DESC)
  WHERE "deletedAt" IS NULL;
CREATE INDEX "AuditLog_page_created_idx" ON "AuditLog" ("organizationId", "createdAt" DESC, id DESC);
