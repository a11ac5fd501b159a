import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const directory = mkdtempSync(join(tmpdir(), "erase-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Body {
  readonly transactionIds: readonly string[];
  readonly dryRun: boolean;
}

const OPEN = { result: "refused", code: "unfinished", detail: "it is not over" };

/** What becomes of each, by the beginning of its id. */
function answering({ body }: Asked): Answer {
  const { transactionIds, dryRun } = JSON.parse(body) as Body;
  const results = transactionIds.map((transactionId) => {
    if (transactionId.startsWith("open")) return { transactionId, ...OPEN };
    if (transactionId.startsWith("gone")) return { transactionId, result: "not_found" };
    return { transactionId, result: dryRun ? "would_erase" : "erased" };
  });
  return { body: { results, erased: 0 } };
}

const why = ["--why", "case 4711"];

describe("erase", () => {
  it("says first what would be erased, and how to do it", async () => {
    const { code, stdout, asked } = await ran(["erase", "t-1", "t-2", ...why], answering);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /prod/v1/erasures"]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      transactionIds: ["t-1", "t-2"],
      reason: "case 4711",
      dryRun: true,
    });
    expect([code, stdout]).toEqual([0, "2 would erase. Nothing is erased yet. If that is right: --yes\n"]);
  });

  it("erases with --yes, and names the ones that are refused", async () => {
    const { code, stdout } = await ran(["erase", "t-1", "open-1", "gone-1", ...why, "--yes"], answering);
    expect(code).toBe(1);
    expect(stdout).toMatch(/open-1 +refused +unfinished +it is not over/);
    expect(stdout).toMatch(/gone-1 +not_found/);
    expect(stdout).toContain("1 erased, 1 refused, 1 not found.");
  });

  it("takes any number of ids, one a line, a hundred at a time, each once", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `t-${index}`);
    const file = join(directory, "ids.txt");
    writeFileSync(file, `${[...ids, "t-1"].join("\r\n")}\r\n`);
    const given = await ran(["erase", "--file", file, ...why, "--yes", "--json"], answering);
    const piped = await ran(["erase", "--file", "-", ...why, "--yes", "--json"], answering, { input: ids.join("\n") });
    for (const { code, stdout, asked } of [given, piped]) {
      expect(asked.map(({ body }) => (JSON.parse(body) as Body).transactionIds.length)).toEqual([100, 100, 50]);
      expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ counts: { erased: 250 } })]);
    }
  });

  it("asks again for those that nobody knew of, and says so where that does not help", async () => {
    let asks = 0;
    const unavailable = ({ body }: Asked): Answer => {
      const { transactionIds } = JSON.parse(body) as Body;
      asks += 1;
      const result = asks === 1 ? "unavailable" : "erased";
      return { body: { results: transactionIds.map((transactionId) => ({ transactionId, result })), erased: 0 } };
    };
    expect((await ran(["erase", "t-1", ...why, "--yes"], unavailable)).code).toBe(0);
    expect(asks).toBe(2);
    const never = await ran(["erase", "t-1", ...why, "--yes"], () => ({
      body: { results: [{ transactionId: "t-1", result: "unavailable" }], erased: 0 },
    }));
    expect([never.code, never.asked.length]).toEqual([1, 5]);
  });

  it.each([
    ["without a reason", ["erase", "t-1"]],
    ["without ids", ["erase", ...why]],
    ["with ids twice", ["erase", "t-1", "--file", "ids.txt", ...why]],
    ["with an id that is none", ["erase", "..", ...why]],
  ])("asks for nothing %s", async (_, line) => {
    const { code, asked } = await ran(line);
    expect([code, asked]).toEqual([2, []]);
  });
});
