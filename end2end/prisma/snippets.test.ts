// Each snippet of the published page, as it stands there.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { prisma, recorded, take, takeUser } from "./context.ts";

after(() => prisma.$disconnect());

test("an organisation is created and found with its products", async () => {
  const { org, orgWithProducts } = await import("./snippets/organization.ts");
  assert.deepEqual(org.settings, { features: ["analytics", "integrations"], branding: { primaryColor: "#3B82F6" } });
  assert.deepEqual(orgWithProducts?.products, []);
  assert.ok(Math.abs(Date.now() - org.createdAt.getTime()) < 60_000, `${org.createdAt}`);
  assert.deepEqual(await recorded("Organization", org.id), ["organization.created"]);
});

test("the scores are those of the page", async () => {
  const scores = await import("./snippets/scores.ts");
  assert.deepEqual([scores.riceScore, scores.iceScore, scores.wsjfScore], [787.5, 189, 3.75]);
});

test("the demo is seeded", async () => {
  takeUser(await prisma.user.create({ data: { name: "Ada", email: "ada@example.com" } }));
  const { seedOrganization } = await import("./snippets/seed.ts");
  await seedOrganization();
  const idea = await prisma.idea.findFirstOrThrow({ where: { title: "Mobile App" }, include: { product: true } });
  assert.deepEqual([idea.riceScore, idea.iceScore, idea.product.key], [787.5, 189, "demo-product"]);
  assert.deepEqual(await recorded("Idea", idea.id), ["idea.created"]);
});

test("products are counted and ideas are paged", async () => {
  const product = await prisma.product.findUniqueOrThrow({ where: { key: "demo-product" } });
  take({ orgId: product.organizationId, productId: product.id });
  const { ideas, productsWithCounts } = await import("./snippets/queries.ts");
  assert.deepEqual(productsWithCounts.map((one) => [one.key, one._count]), [["demo-product", { ideas: 1, features: 0, releases: 0 }]]);
  assert.deepEqual(ideas.map((one) => [one.title, one.creator.name]), [["Mobile App", "Ada"]]);
});
