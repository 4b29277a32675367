// Create, read, update and delete on every model of the published schema, and the trace of each in the log.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { prisma, recorded, sessionToken } from "./context.ts";
import { Prisma } from "./generated/client.ts";

after(() => prisma.$disconnect());

type Row = { id: string; createdAt?: Date; updatedAt?: Date } & Record<string, unknown>;
/** What each of Prisma's models can do, as far as these tests ask. */
type Model = {
  create(args: { data: unknown }): Promise<Row>;
  findUniqueOrThrow(args: { where: { id: string } }): Promise<Row>;
  update(args: { where: { id: string }; data: unknown }): Promise<Row>;
  delete(args: { where: { id: string } }): Promise<Row>;
};
const model = (name: string) => (prisma as unknown as Record<string, Model>)[name[0].toLowerCase() + name.slice(1)];

/** What the others hang below. It stays. */
const org = await prisma.organization.create({ data: { name: "Models", slug: "models" } });
const user = await prisma.user.create({ data: { email: "models@example.com" } });
const product = await prisma.product.create({ data: { name: "Base", key: "models-base", organizationId: org.id } });
const team = await prisma.team.create({ data: { name: "Base", slug: "base", organizationId: org.id } });
const below = { productId: product.id };
const epic = await prisma.epic.create({ data: { title: "Base", description: "", ...below } });
const feature = await prisma.feature.create({ data: { title: "Base", description: "", ...below } });
const idea = await prisma.idea.create({ data: { title: "Base", description: "", creatorId: user.id, ...below } });
const release = await prisma.release.create({ data: { name: "Base", version: "0.1.0", ...below } });
const okr = await prisma.oKR.create({ data: { title: "Base", ownerId: user.id, quarter: "2026-Q1", ...below } });
const kpi = await prisma.kPI.create({ data: { name: "Base", ownerId: user.id, targetValue: 10, unit: "%", ...below } });
const webhook = await prisma.webhook.create({ data: { name: "Base", url: "https://example.com/hook", organizationId: org.id, active: false } });

const day = new Date("2026-03-29T01:30:00.123Z"); // within an hour that many clocks do not have
const week = new Date("2026-04-05T12:00:00.000Z");

/** Of each model: what is created, what is changed, and how the log calls it; nothing for what belongs to no organisation. */
const MODELS: Record<string, { create: object; update: object; word?: string }> = {
  Organization: { create: { name: "New", slug: "models-new", settings: { a: [1, "x", null] } }, update: { website: "https://example.com" }, word: "organization" },
  Product: {
    create: { name: "New", key: "models-new", organizationId: org.id, lifecycle: "DISCOVERY", metrics: { users: 10 }, teams: { connect: { id: team.id } } },
    update: { lifecycle: "DELIVERY", vision: "Wide" }, word: "product",
  },
  Team: { create: { name: "New", slug: "new", organizationId: org.id }, update: { description: "Changed" }, word: "team" },
  User: { create: { email: "new@example.com", name: "New", emailVerified: day }, update: { name: "Changed" } },
  UserProfile: { create: { userId: user.id, timezone: "Europe/Lisbon" }, update: { bio: "Changed" } },
  Membership: { create: { userId: user.id, organizationId: org.id, teamId: team.id, role: "DEVELOPER" }, update: { role: "DESIGNER" }, word: "member" },
  Account: { create: { userId: user.id, type: "oauth", provider: "p", providerAccountId: "1", expires_at: 1 }, update: { scope: "openid" } },
  Session: { create: { userId: user.id, sessionToken: sessionToken().stored, expires: week }, update: { expires: day } },
  Idea: {
    create: { title: "New", description: "", creatorId: user.id, tags: ["a, b", "\"c\""], effort: 5, features: { connect: { id: feature.id } }, ...below },
    update: { status: "UNDER_REVIEW", priority: 3, tags: { push: "d" } }, word: "idea",
  },
  Feature: {
    create: { title: "New", description: "", epicId: epic.id, priority: "HIGH", storyPoints: 5, ideas: { connect: { id: idea.id } }, releases: { connect: { id: release.id } }, ...below },
    update: { status: "IN_PROGRESS", acceptanceCriteria: "It works" }, word: "feature",
  },
  Epic: { create: { title: "New", description: "", startDate: day, endDate: week, ...below }, update: { status: "IN_PROGRESS" }, word: "epic" },
  Release: { create: { name: "New", version: "1.0.0", type: "MAJOR", targetDate: day, ...below }, update: { status: "IN_PROGRESS" }, word: "release" },
  OKR: { create: { title: "New", ownerId: user.id, quarter: "2026-Q2", ...below }, update: { status: "ACTIVE" }, word: "okr" },
  KeyResult: { create: { okrId: okr.id, title: "New", targetValue: 100, unit: "%" }, update: { currentValue: 12.5 }, word: "key_result" },
  Document: { create: { title: "New", content: "# New", type: "PRD", organizationId: org.id, authorId: user.id, ...below }, update: { status: "REVIEW" }, word: "document" },
  Task: { create: { title: "New", featureId: feature.id, assigneeId: user.id, dueDate: day, ...below }, update: { status: "DONE" }, word: "task" },
  KPI: { create: { name: "New", ownerId: user.id, targetValue: 5.5, unit: "ms", frequency: "WEEKLY", ...below }, update: { currentValue: 4.25 }, word: "kpi" },
  KPIDataPoint: { create: { kpiId: kpi.id, value: 1.5, date: day }, update: { value: 2.5 }, word: "kpi_data_point" },
  Experiment: {
    create: { name: "New", hypothesis: "It helps", ownerId: user.id, startDate: day, metrics: ["conversion"], ...below },
    update: { results: { lift: 0.1 } }, word: "experiment",
  },
  Feedback: { create: { title: "New", description: "", type: "BUG_REPORT", source: "support", userEmail: "a@example.com", ...below }, update: { status: "PLANNED" }, word: "feedback" },
  Webhook: { create: { name: "New", url: "https://example.com/new", organizationId: org.id, events: ["idea.created"], active: false }, update: { name: "Changed" }, word: "webhook" },
  WebhookDelivery: { create: { webhookId: webhook.id, event: "idea.created", payload: { id: 1 }, status: "SUCCESS" }, update: { attempts: 1, response: "ok" } },
  AuditLog: { create: { action: "import.noted", entityType: "Import", entityId: "x", organizationId: org.id, userId: user.id, metadata: { a: 1 } }, update: { userAgent: "Changed" } },
  Invitation: { create: { organizationId: org.id, email: "guest@example.com", tokenHash: sessionToken().stored, expiresAt: week }, update: { message: "Welcome" }, word: "invitation" },
  Changelog: { create: { releaseId: release.id, kind: "ADDED", title: "New" }, update: { published: true }, word: "changelog" },
  LaunchChecklistItem: { create: { releaseId: release.id, title: "New", dueDate: day }, update: { completed: true }, word: "launch_checklist_item" },
};

test("every model is here", () => {
  assert.deepEqual(Object.keys(MODELS).sort(), Object.values(Prisma.ModelName).sort());
});

for (const [name, { create, update, word }] of Object.entries(MODELS)) {
  test(`${name} is created, read, updated and deleted`, async () => {
    const made = await model(name).create({ data: create });
    const read = await model(name).findUniqueOrThrow({ where: { id: made.id } });
    assert.deepEqual(read, made);
    for (const [field, value] of Object.entries(create)) {
      // Relations are not read along.
      if (field in read) assert.deepEqual(read[field], value, field);
    }
    const changed = await model(name).update({ where: { id: made.id }, data: update });
    for (const [field, value] of Object.entries(update)) {
      if (field === "tags") assert.deepEqual(changed[field], ["a, b", "\"c\"", "d"]);
      else assert.deepEqual(changed[field], value, field);
    }
    for (const time of [made.createdAt, changed.updatedAt].filter((time) => time !== undefined)) {
      assert.ok(Math.abs(Date.now() - time.getTime()) < 60_000, `the clock is kept: ${time}`);
    }
    await model(name).delete({ where: { id: made.id } });
    await assert.rejects(model(name).findUniqueOrThrow({ where: { id: made.id } }));
    // An organisation takes its log along.
    if (!word || name === "Organization") return;
    const log = await recorded(name, made.id);
    assert.equal(log.filter((action) => action === `${word}.created` || action === "member.added").length, 1, `${log}`);
    assert.ok(log.includes(`${word}.deleted`) || log.includes("member.removed"), `${log}`);
    assert.ok(log.length >= 3, `and its change: ${log}`);
  });
}

test("relations of many to many are joined, counted, read and parted", async () => {
  const joined = await prisma.release.update({
    where: { id: release.id },
    data: { features: { connect: { id: feature.id } } },
    include: { features: { include: { ideas: true } }, _count: { select: { features: true } } },
  });
  assert.deepEqual([joined._count.features, joined.features.map((one) => one.id)], [1, [feature.id]]);
  await prisma.idea.update({ where: { id: idea.id }, data: { features: { connect: { id: feature.id } } } });
  await prisma.team.update({ where: { id: team.id }, data: { products: { connect: { id: product.id } } } });
  assert.equal(await prisma.idea.count({ where: { features: { some: { releases: { some: { id: release.id } } } } } }), 1);
  assert.equal(await prisma.product.count({ where: { teams: { some: { slug: "base" } } } }), 1);
  await prisma.release.update({ where: { id: release.id }, data: { features: { disconnect: { id: feature.id } } } });
  assert.equal(await prisma.feature.count({ where: { releases: { some: {} } } }), 0);
  const log = await recorded("Release", release.id);
  assert.deepEqual(log.slice(-2), ["release.feature_added", "release.feature_removed"]);
});

test("a transaction that fails leaves nothing, not even in the log", async () => {
  const before = await prisma.auditLog.count();
  await assert.rejects(
    prisma.$transaction([
      prisma.idea.update({ where: { id: idea.id }, data: { title: "Never" } }),
      prisma.idea.create({ data: { title: "Nowhere", description: "", creatorId: user.id, productId: "nothing" } }),
    ]),
    (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003",
  );
  assert.equal(await prisma.auditLog.count(), before);
});

test("what is in use already is told as Prisma tells it", async () => {
  await assert.rejects(
    prisma.organization.create({ data: { name: "Twin", slug: "models" } }),
    (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002",
  );
});
