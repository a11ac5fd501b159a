/**
 * `GET /v1/merchants/{merchantId}/manifests` and `…/{day}`: days that have signed manifests, and the files of one.
 * Files are large, those of a day with millions of transactions hundreds of megabytes, and a function answers six at
 * most: so the answer has a URL for each, which reads that file from the bucket and is good for some minutes.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { ManifestFiles } from "../../../../core/aws/manifest-files.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import { whyReserved } from "../../../../core/merchant/reserved-ids.ts";
import { isId } from "../../../../core/transaction/transaction.ts";

const URL_SECONDS = 300;
const MS_A_SECOND = 1000;

const nextCursor = z.string().optional().meta({ description: "Left out after the last page" });
const consistency = z.literal("strong").meta({ description: "As the bucket has it" });

const daysSchema = z
  .strictObject({ items: z.array(z.strictObject({ day: z.iso.date() })), nextCursor, consistency })
  .openapi("ManifestDayPage");

const filesSchema = z
  .strictObject({
    merchantId: z.string(),
    day: z.iso.date(),
    items: z.array(
      z.strictObject({
        name: z.string().meta({ description: "`manifest-<revision>.jsonl`, or a file of lines that one names" }),
        bytes: z.int(),
        url: z.string().meta({ description: "Reads the file, without a token" }),
      }),
    ),
    urlsExpireAt: z.iso.datetime(),
    nextCursor,
    consistency,
  })
  .openapi("ManifestFilePage");

const daysRoute = createRoute({
  ...access("listManifests"),
  method: "get",
  path: "/merchants/{merchantId}/manifests",
  tags: ["Audit"],
  summary: "List the days that a merchant has manifests of",
  description: "Oldest first.",
  request: {
    params: merchantParam,
    query: z.strictObject({
      ...pageQuery,
      from: z.iso.date().optional().openapi({ description: "First day, included", example: "2026-11-22" }),
    }),
  },
  responses: {
    ...problems("listManifests", [404]),
    200: { description: "Days", content: { "application/json": { schema: daysSchema } } },
  },
});

const filesRoute = createRoute({
  ...access("getManifest"),
  method: "get",
  path: "/merchants/{merchantId}/manifests/{day}",
  tags: ["Audit"],
  summary: "Get the manifests of a merchant's day",
  description: "All revisions and the files of lines that they name, each with a URL that reads it for five minutes.",
  request: {
    params: merchantParam.extend({
      day: z.iso.date().openapi({ description: "UTC day of the transactions' `occurredAt`", example: "2026-11-22" }),
    }),
    query: z.strictObject(pageQuery),
  },
  responses: {
    ...problems("getManifest", [404]),
    200: { description: "Files", content: { "application/json": { schema: filesSchema } } },
  },
});

export interface ManifestParts {
  readonly registry: Pick<MerchantRegistry, "read">;
  readonly manifests: Pick<ManifestFiles, "days" | "ofDay">;
  /** A URL that reads an object for as long. */
  readonly urlOf: (key: string, seconds: number) => Promise<string>;
  readonly nowMs: () => number;
}

const DAY_MS = 86_400_000;

export function listManifests(app: ApiApp, parts: ManifestParts): void {
  app.openapi(daysRoute, async (c) => {
    const principal = principalIn(c);
    const { merchantId } = c.req.valid("param");
    const { limit, cursor, from } = c.req.valid("query");
    await requireKnown(parts, merchantId);
    const bound = { merchantId, from };
    const after = readCursor(cursor, principal, bound, z.iso.date()) ?? dayBefore(from);
    const { items, next } = await parts.manifests.days(merchantId, limit, after);
    return c.json(
      {
        items: items.map((day) => ({ day })),
        ...(next !== undefined && { nextCursor: writeCursor(principal, bound, next) }),
        consistency: "strong",
      } as const,
      200,
    );
  });
  app.openapi(filesRoute, async (c) => {
    const principal = principalIn(c);
    const { merchantId, day } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    await requireKnown(parts, merchantId);
    const bound = { merchantId, day };
    const after = readCursor(cursor, principal, bound, z.string().max(255));
    const { items, next } = await parts.manifests.ofDay(merchantId, day, limit, after);
    if (items.length === 0 && after === undefined) throw notFound("manifest");
    const urlsExpireAt = new Date(parts.nowMs() + URL_SECONDS * MS_A_SECOND).toISOString();
    const files = await Promise.all(
      items.map(async ({ name, key, bytes }) => ({ name, bytes, url: await parts.urlOf(key, URL_SECONDS) })),
    );
    return c.json(
      {
        merchantId,
        day,
        items: files,
        urlsExpireAt,
        ...(next !== undefined && { nextCursor: writeCursor(principal, bound, next) }),
        consistency: "strong",
      } as const,
      200,
    );
  });
}

/** A merchant that was deleted has its manifests still. @throws ApiError API_NOT_FOUND */
async function requireKnown({ registry }: ManifestParts, merchantId: string): Promise<void> {
  const isPossible = isId(merchantId) && whyReserved(merchantId) === undefined;
  if (!isPossible || (await registry.read(merchantId)) === undefined) throw notFound("merchant");
}

function dayBefore(day: string | undefined): string | undefined {
  if (day === undefined || day <= "0001-01-01") return undefined;
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}
