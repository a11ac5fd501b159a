import { describe, expect, it } from "@jest/globals";
import { z } from "@hono/zod-openapi";
import { pageQuery, readCursor, writeCursor } from "../../../core/api/cursor.ts";

const acme = { subject: "s-1", clientId: "c-1", scopes: new Set<string>(), merchantId: "acme" };
const query = { merchantId: "acme", state: "FAILED", cursor: "before", limit: 10 };
const place = z.strictObject({ day: z.string() });

describe("a cursor", () => {
  const cursor = writeCursor(acme, query, { day: "2026-11-22" });

  it("goes on where the page ended, whatever the size of the next", () => {
    expect(readCursor(cursor, acme, { ...query, limit: 50, cursor }, place)).toEqual({ day: "2026-11-22" });
  });

  it.each([
    ["another filter", acme, { ...query, state: "CONFIRMED" }],
    ["another subject", { ...acme, subject: "s-2" }, query],
    ["another merchant's token", { ...acme, merchantId: "other" }, query],
  ])("is refused with %s", (_what, principal, asked) => {
    expect(() => readCursor(cursor, principal, asked, place)).toThrow(
      expect.objectContaining({ code: "API_CURSOR_INVALID" }),
    );
  });

  it.each(["", "x", "e30", Buffer.from('{"bound":"x","at":{}}').toString("base64url"), "\u0000"])(
    "that nobody wrote is refused: %j",
    (forged) => {
      expect(() => readCursor(forged, acme, query, place)).toThrow(
        expect.objectContaining({ code: "API_CURSOR_INVALID" }),
      );
    },
  );
});

it("a page has 50 items unless told otherwise, and 100 at most", () => {
  const pages = z.object(pageQuery);
  expect(pages.parse({})).toEqual({ limit: 50 });
  expect(pages.parse({ limit: "100" })).toEqual({ limit: 100 });
  for (const limit of ["0", "101", "1.5", "x", ""]) expect(pages.safeParse({ limit }).success).toBe(false);
});
