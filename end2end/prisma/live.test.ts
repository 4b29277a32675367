// What the client writes is seen at once by whoever looks at a page of a running server, and told to other programs.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, test } from "node:test";

import { prisma, recorded, sessionToken } from "./context.ts";

const { BASE_URL: server, RECEIVER_URL: receiver } = process.env;
after(() => prisma.$disconnect());

/** An organisation with a product, and what lets its administrator in. */
async function workspace(slug: string) {
  const org = await prisma.organization.create({ data: { name: "Live", slug } });
  const user = await prisma.user.create({ data: { email: `${slug}@example.com`, name: "Live" } });
  await prisma.membership.create({ data: { userId: user.id, organizationId: org.id, role: "ADMIN" } });
  const product = await prisma.product.create({ data: { name: "Live", key: slug, organizationId: org.id } });
  const { token, stored } = sessionToken();
  await prisma.session.create({ data: { sessionToken: stored, userId: user.id, expires: new Date(Date.now() + 3_600_000) } });
  return { org, user, product, headers: { cookie: `prodmatic_session=${token}` } };
}

/** The live stream of the organisation: waits until it has told of something. */
async function listen(slug: string, headers: Record<string, string>) {
  const stream = await fetch(`${server}/events?org=${slug}`, { headers, signal: AbortSignal.timeout(20_000) });
  assert.equal(stream.status, 200);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = async (what: string) => {
    while (!heard.includes(what)) {
      const { done, value } = await reader.read();
      assert.ok(!done, `the stream ended: ${heard}`);
      heard += value;
    }
  };
  await hear("event: hello");
  return { hear, end: () => reader.cancel() };
}

/** Asks until the answer is there. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const late = Date.now() + 20_000; Date.now() < late; await new Promise((done) => setTimeout(done, 50))) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error("it has not come within 20 seconds");
}

test("a change is heard on the live stream, and shown on the page", { skip: server ? false : "no server" }, async () => {
  const { user, product, headers } = await workspace("live-prisma");
  const { hear, end } = await listen("live-prisma", headers);
  const idea = await prisma.idea.create({ data: { title: "Heard of", description: "", productId: product.id, creatorId: user.id } });
  await hear(`"id":"${idea.id}"`);
  await prisma.idea.update({ where: { id: idea.id }, data: { status: "APPROVED" } });
  await hear("idea.status_changed");
  await end();
  const page = await fetch(`${server}/orgs/live-prisma/products/live-prisma/ideas/${idea.id}`, { headers });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Heard of/);
});

/** What the receiver tells of a delivery: see `end2end/receiver.mjs`. */
type Got = {
  id: string;
  /** Of the secrets that it knows, those by which the specification's own library finds the delivery signed. */
  signedWith: string[];
  event: { type: string; data: { id: string; entity: string; organizationId: string; userId: string | null; changes: Changes } };
};
type Changes = { before?: Record<string, unknown>; after?: Record<string, unknown> };

test("a change reaches a webhook, signed, and the log and the live stream tell of it too", { skip: server && receiver ? false : "no server" }, async () => {
  const { org, user, product, headers } = await workspace("hook-prisma");
  const url = `${receiver}/hooks/${randomUUID()}`;
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  await fetch(url, { method: "PUT", body: JSON.stringify({ secrets: [secret] }) });
  const webhook = await prisma.webhook.create({ data: { name: "Receiver", url, secret, events: ["idea.*"], organizationId: org.id } });
  const { hear, end } = await listen("hook-prisma", headers);

  const idea = await prisma.idea.create({ data: { title: "Told of", description: "", productId: product.id, creatorId: user.id } });
  await prisma.idea.update({ where: { id: idea.id }, data: { status: "UNDER_REVIEW" } });
  await prisma.feature.create({ data: { title: "Nobody listens for this", description: "", productId: product.id } });
  await prisma.idea.delete({ where: { id: idea.id } });
  const actions = ["idea.created", "idea.status_changed", "idea.deleted"];
  for (const action of actions) await hear(`"action":"${action}"`);
  await end();
  assert.deepEqual(await recorded("Idea", idea.id), actions);

  // Their order is not promised.
  const got = await until(async () => {
    const all = (await (await fetch(url)).json()) as Got[];
    return all.length >= actions.length ? all : undefined;
  });
  assert.deepEqual(got.map((one) => one.event.type).sort(), actions.toSorted());
  for (const { signedWith, event } of got) {
    assert.deepEqual(signedWith, [secret]);
    const { id, entity, organizationId, userId } = event.data;
    assert.deepEqual([id, entity, organizationId, userId], [idea.id, "Idea", org.id, null]);
  }
  const changes = (action: string) => got.find((one) => one.event.type === action)!.event.data.changes;
  assert.equal(changes("idea.created").after?.title, "Told of");
  assert.deepEqual(changes("idea.status_changed"), { before: { status: "SUBMITTED" }, after: { status: "UNDER_REVIEW" } });

  // And the client reads of it in the log of deliveries.
  const log = await until(async () => {
    const rows = await prisma.webhookDelivery.findMany({ where: { webhookId: webhook.id, status: "SUCCESS" } });
    return rows.length === actions.length ? rows : undefined;
  });
  assert.deepEqual(log.map((row) => row.id).sort(), got.map((one) => one.id).sort());
  assert.ok(log.every((row) => row.attempts === 1));
});
