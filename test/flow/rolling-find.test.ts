/**
 * Merchants that are found by the beginning of their id, while a deployment rolls or is rolled back: API and audit of
 * the build before there was an index of ids, beside those of this build, on the same table.
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { toLambda } from "../support/api/lambda-target.ts";
import { patienceMs } from "../support/machine-speed.ts";
import {
  type AssemblyBefore,
  assemblyBefore,
  bothBuilds,
  type BuildName,
  type Builds,
  describeBeside,
  stopBuilds,
} from "./build-beside.ts";
import { Pipeline } from "./pipeline.ts";
import { runAudit } from "./run-audit.ts";

/** The last one that has no index of ids. */
const BEFORE = "1886bb04dc9b7da829e40e461d32ca677a14a5d4";
const SETTINGS = { dueShards: 2, merchantShards: 2, canary: { enabled: false }, worker: { stopTimeoutSeconds: 10 } };
/** With one a stack has the API; nobody asks it, as functions are invoked past the authorizer. */
const API = { issuer: "https://issuer.example", audience: ["confirmations"] };
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const SCOPES = ["merchants:read", "merchants:write"];

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, { ...SETTINGS, api: API });
  pipeline = await Pipeline.start(SETTINGS);
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

async function ask(build: BuildName, method: string, path: string, body?: object): Promise<[number, string]> {
  const { functions } = builds[build];
  const send = toLambda(async (event) => functions.invoke(FUNCTION_NAMES.confirmationsApi, event) as never);
  const { status, text } = await send({
    method,
    target: `/v1/merchants${path}`,
    headers: body === undefined ? [] : [["content-type", "application/json"]],
    ...(body !== undefined && { body: JSON.stringify(body) }),
    bearer: { scopes: SCOPES },
  } as never);
  return [status, text];
}

async function register(build: BuildName, merchantId: string): Promise<void> {
  const confirmationUrl = "https://shop.example/hook";
  expect((await ask(build, "POST", "", { merchantId, confirmationUrl }))[0]).toBe(201);
}

async function found(prefix: string): Promise<string[]> {
  const [status, text] = await ask("this", "GET", `?prefix=${prefix}`);
  expect(status).toBe(200);
  return (JSON.parse(text) as { items: { merchantId: string }[] }).items.map(({ merchantId }) => merchantId);
}

describeBeside(BEFORE, "merchants by the beginning of their id, beside the build before there was an index", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "those that it registers are found whole at once, and by their beginning once the audit has been there",
    async () => {
      await register("before", "shop-old");
      await register("this", "shop-new");
      expect([await found("shop-"), await found("shop-old")]).toEqual([["shop-new"], ["shop-old"]]);
      await runAudit(pipeline.stack, { audit: "manifests", day: DAY });
      expect(await found("shop-")).toEqual(["shop-new", "shop-old"]);
    },
    patienceMs(120_000),
  );

  it(
    "what it changes stays found, what it deletes is not, and what it registers anew comes back with the audit",
    async () => {
      await register("this", "mart-kept");
      await register("this", "mart-gone");
      expect((await ask("before", "PATCH", "/mart-kept", { maxConcurrency: 3 }))[0]).toBe(200);
      expect((await ask("before", "DELETE", "/mart-gone"))[0]).toBe(204);
      expect([await found("mart-"), await found("mart-gone")]).toEqual([["mart-kept"], []]);
      await register("before", "mart-gone");
      expect(await found("mart-gone")).toEqual(["mart-gone"]);

      expect((await ask("this", "DELETE", "/mart-kept"))[0]).toBe(204);
      await register("before", "mart-kept");
      expect([await found("mart-k"), await found("mart-kept")]).toEqual([[], ["mart-kept"]]);
      await runAudit(pipeline.stack, { audit: "manifests", day: DAY });
      expect(await found("mart-")).toEqual(["mart-gone", "mart-kept"]);
    },
    patienceMs(120_000),
  );

  it("rows that this build wrote are as good as others for it", async () => {
    await register("this", "kiosk");
    const [status, text] = await ask("before", "GET", "/kiosk");
    expect([status, (JSON.parse(text) as { merchantId: string }).merchantId]).toEqual([200, "kiosk"]);
    expect((await ask("before", "GET", "?limit=100"))[1]).toContain('"kiosk"');
  });
});
