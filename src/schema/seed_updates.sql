-- Update existing products based on their features
UPDATE "Product" 
SET "lifecycle" = 'DELIVERY'
WHERE id IN (
  SELECT DISTINCT "productId" 
  FROM "Feature" 
  WHERE status IN ('IN_PROGRESS', 'IN_REVIEW')
);

UPDATE "Product" 
SET "lifecycle" = 'LAUNCH'
WHERE id IN (
  SELECT DISTINCT "productId" 
  FROM "Release" 
  WHERE status = 'RELEASED'
);
