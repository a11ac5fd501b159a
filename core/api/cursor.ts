/**
 * Cursors of pages: opaque texts that hold where a page ended, bound to who asked and for what. A cursor never says
 * what may be read: partitions follow from the query and the principal each time, so that a forged one only begins
 * elsewhere in what its bearer may read anyway.
 */
import { hash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { Principal } from "../access/principal.ts";
import { ApiError } from "./api-error.ts";

const MAX_CURSOR_LENGTH = 8192;
export const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;
/** As JSON would have it: `0x10`, `1e1` and ` 5` are none. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,3})$/;

export const pageQuery = {
  limit: z
    .string()
    .regex(WHOLE_NUMBER, `expected a whole number from 1 to ${MAX_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_PAGE, `expected a whole number from 1 to ${MAX_PAGE}`)
    .default(DEFAULT_PAGE)
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: MAX_PAGE,
      default: DEFAULT_PAGE,
      description: "Items of a page, at most",
    }),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR_LENGTH)
    .optional()
    .openapi({ description: "`nextCursor` of the page before, with the same filters" }),
};

export type Query = Readonly<Record<string, unknown>>;

const sealedSchema = z.strictObject({ bound: z.string(), at: z.unknown() });

/** @param at where the page ended, JSON */
export function writeCursor(principal: Principal, query: Query, at: unknown): string {
  return Buffer.from(JSON.stringify({ bound: boundTo(principal, query), at })).toString("base64url");
}

/** @throws ApiError API_CURSOR_INVALID for one of another principal or query, or what is none */
export function readCursor<At>(
  cursor: string | undefined,
  principal: Principal,
  query: Query,
  schema: z.ZodType<At>,
): At | undefined {
  if (cursor === undefined) return undefined;
  try {
    const { bound, at } = sealedSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    if (bound === boundTo(principal, query)) return schema.parse(at);
  } catch {
    // Told below.
  }
  throw cursorInvalid();
}

export function cursorInvalid(): ApiError {
  return new ApiError(
    "API_CURSOR_INVALID",
    "got a cursor that is not of this query and this access token; begin again without one.",
  );
}

/** @param query without `cursor` and `limit`, which may change from page to page */
function boundTo({ subject, merchantId = "" }: Principal, query: Query): string {
  const filters = Object.entries(query).filter(
    ([name, value]) => value !== undefined && name !== "cursor" && name !== "limit",
  );
  const sorted = filters.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return hash("sha256", JSON.stringify([subject, merchantId, sorted]), "base64url").slice(0, 22);
}
