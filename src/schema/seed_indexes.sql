-- Core entity lookups
CREATE INDEX idx_organization_slug ON "Organization"(slug);
CREATE INDEX idx_product_key ON "Product"(key);
CREATE INDEX idx_user_email ON "User"(email);

-- Relationship indexes
CREATE INDEX idx_product_organization ON "Product"("organizationId");
CREATE INDEX idx_membership_user_org ON "Membership"("userId", "organizationId");
CREATE INDEX idx_idea_product ON "Idea"("productId");

-- Status and filtering indexes
CREATE INDEX idx_product_lifecycle ON "Product"(lifecycle);
CREATE INDEX idx_feature_status ON "Feature"(status);
CREATE INDEX idx_release_status ON "Release"(status);

-- Soft deletion indexes
CREATE INDEX idx_organization_deleted ON "Organization"("deletedAt");
CREATE INDEX idx_product_deleted ON "Product"("deletedAt");

-- Audit and activity indexes
CREATE INDEX idx_audit_log_created ON "AuditLog"("createdAt");
CREATE INDEX idx_audit_log_entity ON "AuditLog"("entityType", "entityId");
