import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type Answer, API, type Asked, ran } from "./surroundings.ts";

const directory = mkdtempSync(join(tmpdir(), "imports-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, "november.csv");
writeFileSync(file, "transactionId\nt-1\n");

const counts = { rows: 3, accepted: 1, rejected: 0, skipped: 0 };
const running = {
  jobId: "i-1",
  of: "transactions",
  state: "running",
  reason: "why not",
  ratePerSecond: 2000,
  requestedBy: "ada",
  createdAt: "2026-11-22T10:00:00.000Z",
  counts,
};
const done = { ...running, state: "done", doneAt: "2026-11-22T10:01:00.000Z", counts: { ...counts, accepted: 3 } };
const withRejected = { ...done, counts: { ...counts, accepted: 2, rejected: 1 } };
const upload = {
  jobId: "i-1",
  url: `${API}/bucket/`,
  fields: { key: "uploads/i-1", policy: "p" },
  maxBytes: 1000,
  expiresAt: "2026-11-22T10:15:00.000Z",
};

/** The API and the bucket; what an import is like at each look, the last again and again. */
function answering(...looks: readonly object[]): (asked: Asked) => Answer {
  let next = 0;
  return ({ path }) => {
    if (path.endsWith("/uploads")) return { body: upload };
    if (path.endsWith("/rejected")) return { body: { url: `${API}/bucket/results`, expiresAt: upload.expiresAt } };
    if (path.includes("/bucket/")) return { body: "rejected rows" };
    return { body: looks[Math.min(next++, looks.length - 1)] };
  };
}

describe("import", () => {
  it("asks where to, sends the form and then the file, and follows the import to its end", async () => {
    const args = ["import", file, "--rate", "7", "--why", "a try"];
    const { code, stdout, asked } = await ran(args, answering(running, running, done));
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /prod/v1/imports/uploads",
      "POST /prod/bucket/",
      "GET /prod/v1/imports/i-1",
      "GET /prod/v1/imports/i-1",
      "GET /prod/v1/imports/i-1",
    ]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ fileName: "november.csv", reason: "a try", ratePerSecond: 7 });
    expect(asked[1]?.headers.get("authorization")).toBeNull();
    const form = asked[1]?.body ?? "";
    expect(form.indexOf('name="policy"')).toBeLessThan(form.indexOf('name="file"; filename="november.csv"'));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/accepted +3/)]);
  });

  it("is of what an old system confirmed, where that is said", async () => {
    const { code, asked } = await ran(["cutover", "import", file], answering({ ...done, of: "confirmations" }));
    expect(code).toBe(0);
    expect(JSON.parse(asked[0]?.body ?? "")).toMatchObject({ fileName: "november.csv", of: "confirmations" });
  });

  it("saves the rejected rows where it is told to, and is no success then", async () => {
    const rejected = join(directory, "rejected.csv");
    const { code, stdout } = await ran(["import", file, "--rejected", rejected], answering(withRejected));
    expect([code, readFileSync(rejected, "utf8")]).toEqual([1, '"rejected rows"']);
    expect(stdout).toContain(`The rejected rows are in ${rejected}`);
    const again = await ran(["import", file, "--rejected", rejected], answering(withRejected));
    expect([again.code, again.asked]).toEqual([2, []]);
  });

  it("does not wait where it is told not to", async () => {
    const { code, stdout, asked } = await ran(["import", file, "--no-wait"], answering(running));
    expect([code, asked.length]).toEqual([0, 3]);
    expect(stdout).toContain("npx confirmations imports watch i-1");
  });

  it("says what the bucket says", async () => {
    const refused = (asked: Asked): Answer =>
      asked.path.includes("/bucket/")
        ? { status: 400, body: "<Error><Code>EntityTooLarge</Code></Error>" }
        : answering(running)(asked);
    const { code, stderr } = await ran(["import", file], refused);
    expect([code, stderr]).toEqual([1, expect.stringContaining("400 EntityTooLarge")]);
  });

  it("asks for nothing where there is no file, or an empty one", async () => {
    writeFileSync(join(directory, "empty.csv"), "");
    for (const name of ["missing.csv", "empty.csv"]) {
      const { code, asked } = await ran(["import", join(directory, name)]);
      expect([code, asked]).toEqual([2, []]);
    }
  });
});

describe("imports", () => {
  it.each(["pause", "resume", "cancel"])("can be told to %s", async (verb) => {
    const { asked } = await ran(["imports", verb, "i-1"], answering(running));
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /prod/v1/imports/i-1/${verb}`]);
  });

  it("are listed, shown and followed; one that was refused is no success, and says why", async () => {
    const list = await ran(["imports", "list", "--limit", "5"], () => ({
      body: { items: [done], consistency: "eventual" },
    }));
    expect(list.stdout).toMatch(/i-1 .*done/);
    const refusal = { code: "file_not_utf8", reason: "got 0xE9 at byte 7", byte: 7 };
    const refused = { ...done, state: "refused", refusal };
    const watch = await ran(["imports", "watch", "i-1"], answering(running, refused));
    expect([watch.code, watch.stdout]).toEqual([1, expect.stringContaining("got 0xE9 at byte 7")]);
  });

  it("give their rejected rows into a new file", async () => {
    const output = join(directory, "given.csv");
    const { code } = await ran(["imports", "rejected", "i-1", output], answering(done));
    expect([code, existsSync(output)]).toEqual([0, true]);
  });
});
