import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ran } from "./surroundings.ts";

let configDirectory: string;
beforeEach(() => {
  configDirectory = mkdtempSync(join(tmpdir(), "profiles-"));
});
afterEach(() => rmSync(configDirectory, { recursive: true, force: true }));

const URL_OF_API = "https://api.example/prod/v1";
const file = () => join(configDirectory, "profiles.json");
const set = (...args: readonly string[]) =>
  ran(["profile", "set", "live", "--url", URL_OF_API, ...args], undefined, { configDirectory });

/** A network that keeps what it was asked, and answers an issuer and an API. */
function network() {
  const asked: { url: string; authorization: string | null; body: string }[] = [];
  const fetcher = async (to: unknown, init?: RequestInit) => {
    const request = new Request(to as Request, init);
    asked.push({ url: request.url, authorization: request.headers.get("authorization"), body: await request.text() });
    return Response.json(request.url.includes("/oauth2/") ? { access_token: "issued" } : { paused: false });
  };
  return { asked, fetch: fetcher as typeof fetch };
}

async function paused(environment: Record<string, string> = {}, ...args: readonly string[]) {
  const { asked, fetch } = network();
  const result = await ran(["paused", ...args], undefined, { configDirectory, environment, fetch });
  return { ...result, asked };
}

describe("a profile", () => {
  it("says where the token is, in a file for its owner alone, and has none itself", async () => {
    expect(await set("--token-variable", "LIVE_TOKEN")).toMatchObject({ code: 0, stderr: "" });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toEqual({
      live: { url: URL_OF_API, access: { from: "token", token: { variable: "LIVE_TOKEN" } } },
    });
    const { code, asked } = await paused({ LIVE_TOKEN: " abc \n" }, "--profile", "live");
    expect([code, asked]).toEqual([
      0,
      [{ url: "https://api.example/prod/v1/pause", authorization: "Bearer abc", body: "" }],
    ]);
    expect((await paused({ LIVE_TOKEN: "abc", CONFIRMATIONS_PROFILE: "live" })).code).toBe(0);
    expect(await paused({}, "--profile", "live")).toMatchObject({
      code: 4,
      asked: [],
      stderr: expect.stringMatching(/in the variable LIVE_TOKEN, which is empty or not there/),
    });
  });

  it("may have an issuer that is asked by client credentials", async () => {
    const secret = join(configDirectory, "secret");
    writeFileSync(secret, "s/1\n");
    await set(
      "--token-url",
      "https://issuer.example/oauth2/token",
      "--client-id",
      "ops",
      "--client-secret-file",
      secret,
      "--scope",
      "a b",
    );
    const { asked } = await paused({}, "--profile", "live");
    expect(asked).toEqual([
      {
        url: "https://issuer.example/oauth2/token",
        authorization: `Basic ${Buffer.from("ops:s%2F1").toString("base64")}`,
        body: "grant_type=client_credentials&scope=a+b",
      },
      expect.objectContaining({ authorization: "Bearer issued" }),
    ]);
  });

  it("keeps a secret only where that is asked for, and shows none", async () => {
    const args = ["profile", "set", "live", "--url", URL_OF_API, "--store"];
    const stored = await ran(args, undefined, { configDirectory, input: "hush\n" });
    expect([stored.code, stored.stdout]).toEqual([0, `Kept live: ${URL_OF_API}, token kept in the profile.\n`]);
    for (const command of [
      ["profile", "list"],
      ["profile", "show", "live"],
      ["profile", "list", "--json"],
    ])
      expect((await ran(command, undefined, { configDirectory })).stdout).not.toContain("hush");
    expect((await paused({}, "--profile", "live")).asked[0]?.authorization).toBe("Bearer hush");
  });

  it.each([
    [[], /^Expected one of --token-variable, --token-file, --token-url or --store, got 0/],
    [["--token-variable", "A", "--token-file", "b"], /got 2/],
    [["--token-variable", "A", "--client-id", "c"], /two ways/],
    [
      ["--token-url", "http://issuer.example/token", "--client-id", "c", "--client-secret-variable", "S"],
      /expected an https URL/,
    ],
    [["--client-id", "c", "--client-secret-variable", "S"], /go together/],
    [["--token-variable", "A", "--scope", "x"], /two ways/],
  ])("%j is refused, and nothing is kept", async (args, said) => {
    const { code, stderr } = await set(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
    expect(() => statSync(file())).toThrow(/ENOENT/);
  });

  it.each(["http://api.example/", "https://user:secret@api.example/", "https://api.example/?x=1", "api"])(
    "never has a token sent to %s",
    async (url) => {
      const { code } = await ran(["profile", "set", "live", "--url", url, "--token-variable", "A"], undefined, {
        configDirectory,
      });
      expect(code).toBe(2);
      writeFileSync(file(), JSON.stringify({ live: { url, access: { from: "token", token: { value: "t" } } } }));
      expect(await paused({}, "--profile", "live")).toMatchObject({ code: 2, asked: [] });
    },
  );

  it("that is none, or a file that is none, is said so and left alone", async () => {
    expect(await paused({}, "--profile", "live")).toMatchObject({ code: 2 });
    writeFileSync(file(), "{");
    expect(await set("--token-variable", "A")).toMatchObject({ code: 1, stderr: expect.stringContaining(file()) });
    expect(readFileSync(file(), "utf8")).toBe("{");
    writeFileSync(file(), JSON.stringify({ live: { url: 7 } }));
    expect(await paused({}, "--profile", "live")).toMatchObject({ code: 1, stderr: expect.stringMatching(/mend it/) });
  });

  it("is forgotten", async () => {
    await set("--token-variable", "A");
    expect((await ran(["profile", "delete", "live"], undefined, { configDirectory })).code).toBe(0);
    expect((await ran(["profile", "delete", "live"], undefined, { configDirectory })).code).toBe(3);
  });
});

describe("token", () => {
  it("is the stack's own, as it is asked for", async () => {
    const { stdout, tokens } = await ran([
      "token",
      "--scope",
      "transactions:read",
      "merchants:read",
      "--merchant",
      "acme",
      "--lifetime",
      "60",
    ]);
    expect(stdout).toBe("token-1\n");
    expect(Object.fromEntries(new URLSearchParams(tokens[0]))).toEqual({
      grant_type: "client_credentials",
      client_id: "confirmations",
      scope: "transactions:read merchants:read",
      merchant_id: "acme",
      lifetime: "60",
    });
  });

  it("of a profile is the profile's, and nothing can be asked of it", async () => {
    await set("--token-variable", "A");
    const environment = { A: "abc" };
    const called = (...args: readonly string[]) =>
      ran(["token", "--profile", "live", ...args], undefined, { configDirectory, environment });
    expect((await called()).stdout).toBe("abc\n");
    expect(await called("--merchant", "acme")).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("open", () => {
  it("prints the address where no browser opens, and opens one for a person", async () => {
    expect((await ran(["open"])).stdout).toBe("http://127.0.0.1:6/live\n");
    expect((await ran(["open", "console"])).stdout).toBe("http://127.0.0.1:6\n");
    expect((await ran(["open", "api"])).stdout).toBe("http://127.0.0.1:8/prod/v1/docs\n");
    const opened: string[] = [];
    const openInBrowser = async (url: string) => opened.push(url) > 0;
    const shown = await ran(["open"], undefined, { isTerminal: true, openInBrowser });
    expect([shown.stdout, opened]).toEqual(["Opened http://127.0.0.1:6/live\n", ["http://127.0.0.1:6/live"]]);
    await ran(["open", "--json"], undefined, { isTerminal: true, openInBrowser });
    expect(opened).toHaveLength(1);
  });
});
