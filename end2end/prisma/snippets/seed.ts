import { prisma, user } from "../context.ts";

// ---- As published

// Seed script example
async function seedOrganization() {
  const org = await prisma.organization.create({
    data: {
      name: "Demo Company",
      slug: "demo",
      description: "Demo organization for testing",
      settings: {
        features: ["analytics", "integrations"],
        branding: { primaryColor: "#3B82F6" }
      }
    }
  });

  const product = await prisma.product.create({
    data: {
      name: "Demo Product",
      key: "demo-product",
      description: "A sample product for demonstration",
      organizationId: org.id,
      lifecycle: "DELIVERY"
    }
  });

  // Seed ideas with scoring
  const ideas = await Promise.all([
    prisma.idea.create({
      data: {
        title: "Mobile App",
        description: "Native mobile application",
        productId: product.id,
        creatorId: user.id,
        priority: 90,
        effort: 8,
        impact: 9,
        confidence: 7,
        riceScore: (100 * 9 * 7) / 8 // 787.5
      }
    })
  ]);
}

// ---- Until here

export { seedOrganization };
