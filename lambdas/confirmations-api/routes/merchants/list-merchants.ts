/**
 * `GET /v1/merchants`: pages of the table, in no order that means anything; or of those whose ids begin with a text,
 * from the index of ids. A token that is narrowed to a merchant sees that one, and never asks the table for others.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { MerchantPage, MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import {
  ENVIRONMENTS,
  environmentOf,
  LIVE,
  type MerchantEnvironment,
} from "../../../../core/merchant/merchant-environment.ts";
import { whyReserved } from "../../../../core/merchant/reserved-ids.ts";
import { isDeleted } from "../../../../core/merchant/tombstone.ts";
import { idSchema } from "../../../../core/intake/submission.ts";
import { isId } from "../../../../core/transaction/transaction.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { OWNERSHIP_STATES, type OwnershipState, ownershipStateOf } from "./ownership/ownership-view.ts";
import { merchantSchema } from "./merchant-schema.ts";
import { merchantView } from "./merchant-view.ts";
import type { SandboxLimits } from "../../../../core/merchant/sandbox-limits.ts";

const pageSchema = z
  .strictObject({
    items: z.array(merchantSchema),
    nextCursor: z.string().optional().meta({ description: "Left out after the last page" }),
    consistency: z.enum(["strong", "eventual"]).meta({
      description: "Each page is read consistently; which ids begin so, by a second or so",
    }),
  })
  .openapi("MerchantPage");

const filters = {
  environment: z.enum(ENVIRONMENTS).optional().openapi({
    description: "Those of the sandbox are listed apart: live ones unless given; with `prefix` both",
  }),
  prefix: idSchema.optional().openapi({
    description:
      "Those alone whose ids begin so, letter by letter, in the order of ids. A row that was not written by this API " +
      "is found by its whole id, and by its beginning after the audit has been there, once a day",
    example: "ac",
  }),
  ownership: z.enum(OWNERSHIP_STATES).optional().openapi({
    description: "Those alone whose address is so; `vouched` has all that were there before addresses were challenged",
  }),
};

const route = createRoute({
  ...access("listMerchants"),
  method: "get",
  path: "/merchants",
  tags: ["Merchants"],
  summary: "List merchants",
  description:
    "In no order that means anything; with `prefix` in that of their ids. A page may have fewer than `limit`, and " +
    "the last one has no cursor.",
  request: { query: z.strictObject({ ...pageQuery, ...filters }) },
  responses: {
    ...problems("listMerchants"),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface ListParts {
  readonly registry: Pick<MerchantRegistry, "page" | "read">;
  /** Of ids that begin so. @param after id of the merchant before */
  readonly merchantsBeginning: (prefix: string, limit: number, after: string | undefined) => Promise<MerchantPage>;
  readonly sandbox: SandboxLimits;
  readonly nowMs: () => number;
}

export function listMerchants(app: ApiApp, { registry, merchantsBeginning, sandbox, nowMs }: ListParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...wanted } = c.req.valid("query");
    const isWanted = (row: AttributeMap) => isShown(row) && isOf(row, wanted);
    const bound = { ...wanted, environment: environmentIn(wanted) };
    const after = readCursor(cursor, principal, bound, z.string().refine(isId));
    if (principal.merchantId !== undefined) {
      const row = await registry.read(principal.merchantId);
      const items = row === undefined || !isWanted(row) ? [] : [merchantView(row, sandbox, nowMs())];
      return c.json({ items, consistency: "strong" } as const, 200);
    }
    const { prefix } = wanted;
    const { rows, next } = await (prefix === undefined
      ? registry.page(limit, after)
      : merchantsBeginning(prefix, limit, after));
    return c.json(
      {
        items: rows.filter(isWanted).map((row) => merchantView(row, sandbox, nowMs())),
        ...(next !== undefined && { nextCursor: writeCursor(principal, bound, next) }),
        consistency: prefix === undefined ? "strong" : "eventual",
      } as const,
      200,
    );
  });
}

interface Wanted {
  readonly environment?: MerchantEnvironment | undefined;
  readonly prefix?: string | undefined;
  readonly ownership?: OwnershipState | undefined;
}

/** The build before had `live` as default, and cursors that are bound to it. @returns undefined for both */
function environmentIn({ environment, prefix }: Wanted): MerchantEnvironment | undefined {
  return environment ?? (prefix === undefined ? LIVE : undefined);
}

function isOf(row: AttributeMap, wanted: Wanted): boolean {
  const environment = environmentIn(wanted);
  const { prefix, ownership } = wanted;
  if (environment !== undefined && environmentOf(row) !== environment) return false;
  if (prefix !== undefined && stringOf(row["merchantId"])?.startsWith(prefix) !== true) return false;
  return ownership === undefined || ownershipStateOf(row) === ownership;
}

function isShown(row: AttributeMap): boolean {
  return !isDeleted(row) && whyReserved(stringOf(row["merchantId"]) ?? "") === undefined;
}
