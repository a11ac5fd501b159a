/**
 * Merchants' connections while a deployment rolls: the worker of the build before there were any, beside merchants that
 * have one already. It calls them the plain way, which is what the page of connections says, and loses nothing by it.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { challenged } from "../../core/merchant/ask-origins.ts";
import { originsAttribute } from "../../core/merchant/ownership.ts";
import { selfSignedFor } from "../../tools/chaos/run/certificate.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type AssemblyBefore, assemblyBefore, BuildBeside, describeBeside } from "./build-beside.ts";
import { CONNECTION_API, setConnection } from "./connection-api.ts";
import { DemandingServer } from "./demanding-server.ts";
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { CLIENT_ID, startTokenServer, type TokenServer } from "./token-server.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that knows no connections. */
const BEFORE = "dcf6f66cfc4acb66de215fbcef1b414831f0f6b1";
const CLIENT_SECRET = "hush";
const API_KEY = "hush-4711";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: Array.from({ length: 20 }, () => 1), inQueueMaxSeconds: 1 },
  circuit: { openSeconds: 1, maxOpenSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
  release: { everySeconds: 1 },
};

let earlier: AssemblyBefore | undefined;
let pipeline: Pipeline;
let before: BuildBeside;
let demanding: DemandingServer;
let tokens: TokenServer;
const authoritiesBefore = process.env["NODE_EXTRA_CA_CERTS"];

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  const { folder } = earlier;
  const server = selfSignedFor("127.0.0.1");
  process.env["NODE_EXTRA_CA_CERTS"] = join(folder, "authorities.pem");
  await writeFile(join(folder, "authorities.pem"), server.cert);
  const own = selfSignedFor("pipeline");
  demanding = await DemandingServer.start(server, [own.cert]);
  tokens = await startTokenServer(CLIENT_SECRET);
  pipeline = await Pipeline.start({ ...SETTINGS, api: CONNECTION_API });
  const { stack, stateDirectory } = pipeline;
  before = new BuildBeside({ stack, stateDirectory, assembly: await earlier.assembly, name: "before" });
  pipeline.merchant.respond("/token", async ({ headers }) =>
    (await tokens.tokenIn(headers.authorization)) === undefined ? 401 : 200,
  );
  pipeline.merchant.respond("/secret", ({ headers }) => (headers["x-api-key"] === API_KEY ? 200 : 403));
  await pipeline.registerMerchant({ merchantId: "certificate", confirmationUrl: demanding.url("/certificate") });
  for (const merchantId of ["token", "secret"])
    await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  await setConnection(pipeline, "certificate/client-certificate", { certificate: own.cert, privateKey: own.key });
  const { tokenUrl } = tokens;
  await setConnection(pipeline, "token/oauth2", { tokenUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
  await setConnection(pipeline, "secret/secret-headers", { headers: { "x-api-key": API_KEY } });
}

async function stop(): Promise<void> {
  if (authoritiesBefore === undefined) delete process.env["NODE_EXTRA_CA_CERTS"];
  else process.env["NODE_EXTRA_CA_CERTS"] = authoritiesBefore;
  await before?.stop();
  await pipeline?.stop();
  await demanding?.stop();
  tokens?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

async function deliverBy(build: "before" | "this"): Promise<void> {
  const { worker } = pipeline.stack;
  if (build === "before") {
    await worker.stop();
    await before.worker.restart();
  } else {
    await before.worker.stop();
    await worker.restart();
  }
}

/** The row once it was attempted, or is over. */
const attempted = (id: string): Promise<Row> =>
  waitFor(`${id} was attempted`, async () => {
    const row = await pipeline.row(id);
    return (row["attempts"]?.L ?? []).length > 0 ? row : undefined;
  });
const firstOutcome = (row: Row) => row["attempts"]?.L?.[0]?.M?.["outcome"]?.S;
const callsOf = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`));
const put = (merchantId: string, content: Row) =>
  pipeline.dynamodb.send(
    new PutItemCommand({
      TableName: pipeline.stack.merchantsTable,
      Item: {
        merchantId: { S: merchantId },
        confirmationUrl: { S: pipeline.merchant.url(`/${merchantId}`) },
        ...content,
      },
    }),
  );

describeBeside(BEFORE, "merchants' connections beside the build before there were any", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "are not used by its worker: its attempts fail and count, and the worker of this build delivers",
    async () => {
      const cases = { certificate: "connection", token: "status_4xx", secret: "status_4xx" };
      await deliverBy("before");
      for (const merchantId of Object.keys(cases)) await pipeline.put(transactionRow(`of-${merchantId}`, merchantId));
      for (const [merchantId, outcome] of Object.entries(cases)) {
        const row = await attempted(`of-${merchantId}`);
        expect([merchantId, firstOutcome(row), Number(row["attemptCount"]?.N)]).toEqual([
          merchantId,
          outcome,
          expect.any(Number),
        ]);
        expect(Number(row["attemptCount"]?.N)).toBeGreaterThan(0);
      }
      expect(demanding.deliveries).toEqual([]);
      expect(tokens.asked()).toBe(0);

      await deliverBy("this");

      for (const merchantId of Object.keys(cases)) {
        const row = await pipeline.terminalRow(`of-${merchantId}`, 120_000);
        expect([merchantId, row["confirmationState"]?.S]).toEqual([merchantId, "CONFIRMED"]);
      }
      expect(demanding.to("/certificate")).toMatchObject([{ who: "pipeline" }]);
    },
    patienceMs(240_000),
  );

  it(
    "have the first form of the body with its worker, whatever was pinned; this build goes on with what it pinned",
    async () => {
      await put("form", { payloadVersion: { N: "2" } });
      const answers = { status: 500 };
      pipeline.merchant.respond("/form", () => answers.status);
      await deliverBy("this");
      await pipeline.put(transactionRow("form-1", "form"));
      await attempted("form-1");
      await deliverBy("before");
      const known = callsOf("form-1").length;
      await waitFor("its worker has called", () => (callsOf("form-1").length > known ? true : undefined));
      await deliverBy("this");
      answers.status = 200;

      const row = await pipeline.terminalRow("form-1", 120_000);

      expect(row["confirmationState"]?.S).toBe("CONFIRMED");
      const forms = callsOf("form-1").map(({ body }) => (body.includes('"payloadVersion":2') ? 2 : 1));
      expect([forms[0], new Set(forms)]).toEqual([2, new Set([1, 2])]);
      expect(new Set(callsOf("form-1").map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    },
    patienceMs(240_000),
  );

  it(
    "and addresses that nobody verified: its worker delivers there, and this one lets it wait",
    async () => {
      const url = pipeline.merchant.url("/unverified");
      const asked = { origin: new URL(url).origin, url, jobId: "ch_1" };
      await put("unverified", { origins: originsAttribute(challenged(new Map(), asked, Date.now())) as never });
      await deliverBy("this");
      await pipeline.put(transactionRow("unverified-1", "unverified"));
      await waitFor("it waits", async () =>
        (await pipeline.row("unverified-1"))["waitingFor"]?.S === "url unverified" ? true : undefined,
      );
      expect(callsOf("unverified-1")).toEqual([]);

      await deliverBy("before");
      await pipeline.put(transactionRow("unverified-2", "unverified"));

      expect((await pipeline.terminalRow("unverified-2"))["confirmationState"]?.S).toBe("CONFIRMED");
    },
    patienceMs(240_000),
  );
});
