// What the client writes is seen at once by whoever looks at a page of a running server.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { prisma, sessionToken } from "./context.ts";

const server = process.env.BASE_URL;
after(() => prisma.$disconnect());

test("a change is heard on the live stream, and shown on the page", { skip: server ? false : "no server" }, async () => {
  const org = await prisma.organization.create({ data: { name: "Live", slug: "live-prisma" } });
  const user = await prisma.user.create({ data: { email: "live@example.com", name: "Live" } });
  await prisma.membership.create({ data: { userId: user.id, organizationId: org.id, role: "ADMIN" } });
  const product = await prisma.product.create({ data: { name: "Live", key: "live-prisma", organizationId: org.id } });
  const { token, stored } = sessionToken();
  await prisma.session.create({ data: { sessionToken: stored, userId: user.id, expires: new Date(Date.now() + 3_600_000) } });
  const headers = { cookie: `prodmatic_session=${token}` };
  const stream = await fetch(`${server}/events?org=live-prisma`, { headers, signal: AbortSignal.timeout(20_000) });
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
  const idea = await prisma.idea.create({ data: { title: "Heard of", description: "", productId: product.id, creatorId: user.id } });
  await hear(`"id":"${idea.id}"`);
  await prisma.idea.update({ where: { id: idea.id }, data: { status: "APPROVED" } });
  await hear("idea.status_changed");
  await reader.cancel();
  const page = await fetch(`${server}/orgs/live-prisma/products/live-prisma/ideas/${idea.id}`, { headers });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Heard of/);
});
