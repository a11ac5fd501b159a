import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { SCOPES } from "../../core/access/scopes.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/operating/access.md"), "utf8");

describe("the page on access", () => {
  it("has each scope with what it lets, and no other", () => {
    const rows = [...page.matchAll(/^\| `([a-z:]+)` +\| (.+?) +\|$/gm)].map(([, scope, lets]) => [scope, lets]);
    expect(rows).toEqual(Object.entries(SCOPES));
  });
});
