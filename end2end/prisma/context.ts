// What the published snippets take for granted: a client, and what they name without saying where it comes from.

import { createHash, randomBytes } from "node:crypto";

import { PrismaPg } from "@prisma/adapter-pg";

import { PrismaClient } from "./generated/client.ts";
import type { User } from "./generated/client.ts";

const connectionString = process.env.DATABASE_URL;
if (!connectionString) throw new Error("DATABASE_URL is not set");

export const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });

export let orgId: string, productId: string, user: User;
export const [page, pageSize] = [1, 20];

export function take(names: { orgId: string; productId: string }) {
  ({ orgId, productId } = names);
}

export function takeUser(person: User) {
  user = person;
}

/** A session as ProdMatic keeps it: the cookie's token is not in the database, only its SHA-256. */
export function sessionToken() {
  const token = randomBytes(32).toString("base64url");
  return { token, stored: createHash("sha256").update(token).digest("hex") };
}

/** What the log has recorded of this thing, in order. */
export async function recorded(entityType: string, entityId: string): Promise<string[]> {
  const rows = await prisma.auditLog.findMany({ where: { entityType, entityId }, orderBy: { id: "asc" } });
  return rows.map((row) => row.action);
}
