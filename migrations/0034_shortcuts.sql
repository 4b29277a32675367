-- Whether single keys do things for this person; who dictates or trembles may not want them to.
ALTER TABLE "UserProfile" ADD COLUMN shortcuts boolean NOT NULL DEFAULT true;
