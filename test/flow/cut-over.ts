/**
 * A merchant that comes from an old system, on the whole stack in either mode, by the command line alone: in shadow,
 * with a mirror, live from a moment on; and what the old system says that it confirmed, held against what the merchant
 * got.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { writeStackFile } from "../../local/stack-file.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn, registerVouched } from "./command-line.ts";
import { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

interface Shown {
  readonly state: string;
  readonly confirmedBy?: string;
  readonly shadow?: { readonly bodyDigest?: string; readonly mirror?: { readonly result: string } };
  readonly elsewhere?: { readonly confirmedAt: string };
}

const SHOP = "shop";

export function cutOverIn(mode: "fargate" | "lambda"): void {
  let pipeline: Pipeline;
  let commandLine: CommandLine;
  let directory: string;
  beforeAll(async () => {
    pipeline = await Pipeline.start({
      api: { audience: ["confirmations"] },
      delivery: { mode, deadlineMs: 20_000 },
      cutOver: { aheadSeconds: 11 },
      retry: { scheduleSeconds: [2, 2, 2, 2, 2, 2], inQueueMaxSeconds: 2 },
    });
    directory = await mkdtemp(join(tmpdir(), "cut-over-"));
    writeStackFile(pipeline.stateDirectory, pipeline.stack);
    commandLine = commandLineOn(pipeline.stateDirectory);
    const urls = ["--url", pipeline.merchant.url("/shop"), "--mirror", pipeline.merchant.url("/mirror")];
    await registerVouched(commandLine, SHOP, "--mode", "shadow", ...urls);
  }, patienceMs(120_000));
  afterAll(async () => {
    await pipeline?.stop();
    await rm(directory, { recursive: true, force: true });
  }, patienceMs(60_000));

  async function submit(id: string, occurredAt: string): Promise<Shown> {
    const content = ["--outcome", "APPROVED", "--amount", "1.00", "--currency", "EUR", "--occurred-at", occurredAt];
    await commandLine("submit", "--id", id, "--merchant", SHOP, ...content);
    await pipeline.terminalRow(id);
    return shown(id);
  }
  const shown = (id: string) => commandLine.json<Shown>("get", id);
  const calls = (path: string) => pipeline.merchant.confirmationsTo(path);
  const idsTo = (path: string) =>
    calls(path).map(({ body }) => (JSON.parse(body) as { data: { transactionId: string } }).data.transactionId);

  describe("a merchant that is cut over", () => {
    it(
      "is called by nobody in shadow, and by its mirror's address with another secret",
      async () => {
        const left = await submit("s-1", new Date().toISOString());
        expect(left).toMatchObject({
          state: "CONFIRMED",
          confirmedBy: "shadow",
          shadow: { bodyDigest: expect.stringMatching(/^[\w-]{43}$/) },
        });
        await commandLine("cutover", "switch", SHOP, "mirror");
        let mirrored = 0;
        await waitFor("whoever delivers has learnt of the mode", async () => {
          mirrored += 1;
          const { confirmedBy } = await submit(`m-${mirrored}`, new Date().toISOString());
          return confirmedBy === "mirror" ? true : undefined;
        });
        expect(await shown(`m-${mirrored}`)).toMatchObject({ shadow: { mirror: { result: "delivered" } } });
        expect(idsTo("/mirror")).toEqual([`m-${mirrored}`]);
        const [call] = calls("/mirror");
        const { body = "", headers = {} } = call ?? {};
        expect(call?.headers["webhook-mirror"]).toBe("1");
        const secretOf = async (...of: string[]) =>
          (await commandLine.json<{ secret: string }>("merchants", "secret", "show", SHOP, ...of)).secret;
        const verify = (secret: string) => new Webhook(secret).verify(body, headers as Record<string, string>);
        expect(verify(await secretOf("--mirror"))).toMatchObject({ data: { transactionId: `m-${mirrored}` } });
        const own = await secretOf();
        expect(() => verify(own)).toThrow();
        expect(calls("/shop")).toEqual([]);
      },
      patienceMs(120_000),
    );

    it(
      "is called for what occurred from the switch on, whenever it comes, and for nothing before",
      async () => {
        const { liveFrom = "" } = await commandLine.json<{ liveFrom?: string }>("cutover", "switch", SHOP, "live");
        const from = Date.parse(liveFrom);
        await waitFor("the switch has come", async () => (Date.now() > from ? true : undefined), patienceMs(30_000));
        const before = await submit("l-before", new Date(from - 1).toISOString());
        const after = await submit("l-after", liveFrom);
        expect([before.confirmedBy, after.confirmedBy]).toEqual(["mirror", undefined]);
        expect(after.state).toBe("CONFIRMED");
        expect(idsTo("/shop")).toEqual(["l-after"]);
      },
      patienceMs(120_000),
    );

    it(
      "is compared with what the old system says in its log",
      async () => {
        const log = join(directory, "old-system.csv");
        const at = new Date().toISOString();
        const line = (id: string) => `${id},1,${SHOP},${at}`;
        const lines = ["s-1", "l-before", "l-after", "nowhere"].map(line);
        await writeFile(log, ["transactionId,version,merchantId,confirmedAt", ...lines, ""].join("\n"));
        const refused = await commandLine.json("cutover", "import", log).catch((error: unknown) => error);
        expect(JSON.parse((refused as { readonly stdout: string }).stdout)).toMatchObject({
          of: "confirmations",
          counts: { rows: 4, accepted: 3, rejected: 1 },
        });
        expect(await shown("s-1")).toMatchObject({ confirmedBy: "shadow", elsewhere: { confirmedAt: at } });
        const { items } = await commandLine.json<{ items: Record<string, unknown>[] }>("cutover", "status");
        const [status = {}] = items;
        expect(status).toMatchObject({
          merchantId: SHOP,
          mode: "live",
          confirmedByPipeline: 1,
          confirmedByOldSystem: 3,
          both: 1,
          againstTheRule: 1,
          underway: 0,
          unknownHere: { count: 1, examples: ["nowhere"] },
          examples: { both: ["l-after"], againstTheRule: ["l-after"] },
        });
        expect(status["neither"]).toBe(Number(status["transactions"]) - 3);
      },
      patienceMs(120_000),
    );

    it(
      "is not called for what the old system said first",
      async () => {
        pipeline.merchant.respond("/shop", () => 503);
        const occurred = new Date().toISOString();
        const content = ["--outcome", "APPROVED", "--amount", "1.00", "--currency", "EUR", "--occurred-at", occurred];
        await commandLine("submit", "--id", "e-1", "--merchant", SHOP, ...content);
        await waitFor("it was tried", async () => (idsTo("/shop").includes("e-1") ? true : undefined));
        await commandLine("cutover", "confirmed", "e-1");
        expect(await shown("e-1")).toMatchObject({ state: "CONFIRMED", confirmedBy: "elsewhere" });
        pipeline.merchant.respond("/shop", () => 200);
        const tried = idsTo("/shop").filter((id) => id === "e-1").length;
        await submit("e-2", occurred);
        await submit("e-3", occurred);
        expect(idsTo("/shop").filter((id) => id === "e-1")).toHaveLength(tried);
      },
      patienceMs(120_000),
    );
  });
}
