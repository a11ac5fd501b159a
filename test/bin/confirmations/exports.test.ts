import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type Answer, API, type Asked, ran } from "./surroundings.ts";

const directory = mkdtempSync(join(tmpdir(), "exports-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const running = {
  jobId: "e-1",
  state: "running",
  merchantId: "acme",
  from: "2026-11-01T00:00:00.000Z",
  to: "2026-12-01T00:00:00.000Z",
  format: "csv",
  reason: "exported by hand",
  ratePerSecond: 2000,
  requestedBy: "ada",
  createdAt: "2026-11-22T10:00:00.000Z",
  counts: { rows: 0, bytes: 0 },
};
const done = {
  ...running,
  state: "done",
  doneAt: "2026-11-22T10:01:00.000Z",
  fileUntil: "2026-11-29T10:01:00.000Z",
  counts: { rows: 3, bytes: 15 },
};
const TEXT = "one\ntwo\nthree\n";

/** The API, which says what an export is like at each look, the last again and again. */
function answering(...looks: readonly object[]): (asked: Asked) => Answer {
  let next = 0;
  return ({ path }) => {
    if (path.endsWith("/file")) return { body: { url: `${API}/bucket/file`, expiresAt: "", bytes: TEXT.length } };
    return { body: looks[Math.min(next++, looks.length - 1)] };
  };
}

/** Beside the API a bucket, which answers each request for the file in its turn. */
function withBucket(api: (asked: Asked) => Answer, ...answers: readonly ((request: Request) => Response)[]) {
  const requests: Request[] = [];
  const fetch = async (target: Parameters<typeof globalThis.fetch>[0], init?: RequestInit): Promise<Response> => {
    const request = new Request(target, init);
    if (request.url.endsWith("/token")) return Response.json({ access_token: "token-1" });
    if (request.url.includes("/bucket/")) {
      requests.push(request);
      return (answers[Math.min(requests.length, answers.length) - 1] as (request: Request) => Response)(request);
    }
    const { pathname, search } = new URL(request.url);
    const { headers } = request;
    const asked = { method: request.method, path: pathname + search, headers, body: await request.text() };
    return Response.json(api(asked).body);
  };
  return { fetch, requests };
}

const whole = (): Response => new Response(TEXT, { headers: { etag: '"e"' } });
/** As much of it, and then the connection breaks. */
const broken =
  (until: number) =>
  (request: Request): Response =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from(TEXT.slice(0, until)));
        },
        pull: () => Promise.reject(new Error("terminated")),
      }),
      { status: request.headers.has("range") ? 206 : 200, headers: { etag: '"e"' } },
    );
const rest = (request: Request): Response => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1]);
  return new Response(TEXT.slice(from), { status: 206 });
};

const args = ["export", "--merchant", "acme", "--from", "2026-11-01T00:00:00Z", "--to", "2026-12-01T00:00:00Z"];

describe("export", () => {
  it("asks for it, follows it to its end, and writes its file to standard output and nothing else", async () => {
    const { fetch, requests } = withBucket(answering(running, running, done), whole);
    const { code, stdout, stderr } = await ran([...args, "--format", "csv"], undefined, { fetch });
    expect([code, stdout]).toEqual([0, TEXT]);
    expect(stderr).toBe("3 transactions. Kept until 2026-11-29T10:01:00.000Z: npx confirmations exports file e-1\n");
    expect(requests[0]?.headers.get("authorization")).toBeNull();
  });

  it("asks for what it was told", async () => {
    const more = ["--format", "jsonl", "--status", "FAILED", "--rate", "7", "--why", "a try", "--no-wait"];
    const { asked, stdout } = await ran([...args, ...more], answering(running));
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      merchantId: "acme",
      from: "2026-11-01T00:00:00Z",
      to: "2026-12-01T00:00:00Z",
      format: "jsonl",
      state: "FAILED",
      ratePerSecond: 7,
      reason: "a try",
    });
    expect(stdout).toContain("npx confirmations exports watch e-1");
  });

  it("goes on where the connection broke, at a new address, and asks for no byte twice", async () => {
    const { fetch, requests } = withBucket(
      answering(done),
      broken(4),
      broken(0),
      () => new Response("", { status: 403 }),
      rest,
    );
    const { code, stdout } = await ran(args, undefined, { fetch });
    expect([code, stdout]).toEqual([0, TEXT]);
    expect(requests.map(({ headers }) => [headers.get("range"), headers.get("if-match")])).toEqual([
      [null, null],
      ["bytes=4-", '"e"'],
      ["bytes=4-", '"e"'],
      ["bytes=4-", '"e"'],
    ]);
  });

  it("gives up where nothing comes any more, and where the file is another one by now", async () => {
    const { fetch, requests } = withBucket(answering(done), () => new Response("", { status: 500 }));
    const { code, stderr } = await ran(args, undefined, { fetch });
    expect([code, requests.length]).toEqual([1, 10]);
    expect(stderr).toContain("its address answered 500");
    const changed = withBucket(answering(done), broken(4), () => new Response("", { status: 412 }));
    expect((await ran(args, undefined, { fetch: changed.fetch })).code).toBe(1);
    expect(changed.requests.length).toBe(2);
  });

  it("writes into a file that is new, whole or not at all", async () => {
    const output = join(directory, "november.csv");
    const { fetch } = withBucket(answering(done), whole);
    const { code, stdout } = await ran([...args, "--output", output, "--json"], undefined, { fetch });
    expect([code, readFileSync(output, "utf8")]).toEqual([0, TEXT]);
    expect(JSON.parse(stdout)).toMatchObject({ jobId: "e-1", counts: { rows: 3 } });
    expect((await ran([...args, "--output", output])).code).toBe(2);
    const never = join(directory, "never.csv");
    const lost = withBucket(answering(done), () => new Response("", { status: 404 }));
    expect((await ran([...args, "--output", never], undefined, { fetch: lost.fetch })).code).toBe(1);
    expect(existsSync(never)).toBe(false);
  });

  it.each([
    ["canceled", /is canceled, and has no file: ask for it anew/],
    ["too_large", /is too large, and has no file: ask for a shorter time/],
    ["paused", /exports resume e-1/],
  ])("is no success where it is %s", async (state, says) => {
    const { code, stdout, stderr } = await ran(args, answering({ ...done, state }));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(says);
  });

  it.each([
    ["without --from", ["export", "--merchant", "acme"]],
    ["with --json and the file on standard output", [...args, "--json"]],
    ["with --output and --no-wait", [...args, "--output", "x.csv", "--no-wait"]],
    ["with a format that there is not", [...args, "--format", "xlsx"]],
    ["with a state in the place of --status", [...args, "--state", "FAILED"]],
  ])("asks for nothing %s", async (_, line) => {
    const { code, asked } = await ran(line);
    expect([code, asked]).toEqual([2, []]);
  });

  it("says that there is nothing", async () => {
    const { fetch } = withBucket(answering({ ...done, counts: { rows: 0, bytes: 0 } }), () => new Response(""));
    const { code, stdout, stderr } = await ran(args, undefined, { fetch });
    expect([code, stdout, stderr]).toEqual([0, "", "No transaction of acme occurred within this time.\n"]);
  });
});

describe("exports", () => {
  it.each(["pause", "resume", "cancel"])("can be told to %s", async (verb) => {
    const { asked } = await ran(["exports", verb, "e-1"], answering(running));
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /prod/v1/exports/e-1/${verb}`]);
  });

  it("are listed, shown and followed", async () => {
    const list = await ran(["exports", "list", "--limit", "5"], () => ({
      body: { items: [done], nextCursor: "c", consistency: "eventual" },
    }));
    expect(list.stdout).toMatch(/e-1 .*done .*acme[^]*--cursor c/);
    expect((await ran(["exports", "get", "e-1"], answering(done))).stdout).toMatch(/transactions +3/);
    const watch = await ran(["exports", "watch", "e-1"], answering(running, { ...done, state: "too_large" }));
    expect(watch.code).toBe(1);
  });

  it("give their file again", async () => {
    const { fetch } = withBucket(answering(done), whole);
    expect((await ran(["exports", "file", "e-1"], undefined, { fetch })).stdout).toBe(TEXT);
    const output = join(directory, "again.csv");
    writeFileSync(output, "there");
    expect((await ran(["exports", "file", "e-1", output])).code).toBe(2);
    expect((await ran(["exports", "file", "e-1", "--json"])).code).toBe(2);
  });
});
