import { prisma } from "../context.ts";

// ---- As published

// Create organization
const org = await prisma.organization.create({
  data: {
    name: "TechCorp Solutions",
    slug: "techcorp",
    description: "Leading technology solutions provider",
    settings: {
      features: ["analytics", "integrations"],
      branding: { primaryColor: "#3B82F6" }
    }
  }
});

// Find with products
const orgWithProducts = await prisma.organization.findUnique({
  where: { slug: "techcorp" },
  include: {
    products: {
      where: { deletedAt: null },
      orderBy: { createdAt: 'desc' }
    }
  }
});

// ---- Until here

export { org, orgWithProducts };
