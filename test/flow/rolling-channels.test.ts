/**
 * Recipients with channels, while a deployment rolls: the worker of the build before there were any, over rows that
 * have steps. It calls nobody for them, and leaves their messages to this build. Counted from outside, by what was
 * sent.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { synthesize } from "../../local/assembly/synthesize.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { BuildBeside, describeBeside, writeSources } from "./build-beside.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that knows no channels. */
const BEFORE = "93e5ba0dc7b9dbaf8cfd45c918866a639a0c9f7d";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};
const MERCHANT = "by-channels";

type BuildName = "before" | "this";

let pipeline: Pipeline;
let directory: string | undefined;
let builds: Readonly<Record<BuildName, BuildBeside>>;

async function start(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), "confirmation-pipeline-before-"));
  const sources = join(directory, "sources");
  writeSources(BEFORE, sources);
  const synthesized = synthesize(directory, SETTINGS, sources);
  // Told when it is waited for.
  void synthesized.catch(() => undefined);
  pipeline = await Pipeline.start(SETTINGS);
  const { stack, stateDirectory } = pipeline;
  const assemblies = { this: join(stateDirectory, "cdk.out"), before: await synthesized };
  const beside = (name: BuildName) => new BuildBeside({ stack, stateDirectory, assembly: assemblies[name], name });
  builds = { this: beside("this"), before: beside("before") };
  await stack.worker.stop();
}

async function stop(): Promise<void> {
  for (const build of Object.values(builds ?? {})) await build.stop();
  await pipeline?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
}

async function run(wanted: BuildName): Promise<void> {
  for (const name of ["this", "before"] as const) if (name !== wanted) await builds[name].worker.stop();
  if (builds[wanted].worker.pid === undefined) await builds[wanted].worker.restart();
}

/** Two webhooks, each of which must be answered with 2xx, and the one that programs without channels know. */
async function merchant(answer: () => number): Promise<void> {
  pipeline.merchant.respond("/first", () => 200);
  pipeline.merchant.respond("/second", answer);
  pipeline.merchant.respond("/plain", () => 200);
  const webhook = (id: string) => ({
    M: {
      id: { S: id },
      kind: { S: "webhook" },
      url: { S: pipeline.merchant.url(`/${id}`) },
      retryScheduleSeconds: { L: Array.from({ length: 20 }, () => ({ N: "5" })) },
    },
  });
  const Item = {
    merchantId: { S: MERCHANT },
    confirmationUrl: { S: pipeline.merchant.url("/plain") },
    channels: { L: [webhook("first"), webhook("second")] },
    plan: { S: "all" },
  };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
}

const callsTo = (path: string) => pipeline.merchant.deliveries.filter((delivery) => delivery.path === path).length;

describeBeside(BEFORE, "rows with steps beside the build before them", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "are left to tasks that know them, whoever receives their messages first",
    async () => {
      let answer = 503;
      await merchant(() => answer);
      await run("this");
      await pipeline.put(transactionRow("steps-1", MERCHANT));
      await waitFor("its second step failed once", async () => {
        const row = await pipeline.row("steps-1");
        return stepsOf(row)?.current?.channel === "second" && callsTo("/second") > 0 ? true : undefined;
      });
      await run("before");
      const before = callsTo("/second");
      await waitFor(
        "the task of the build before leaves its message",
        async () => (builds.before.hasWritten("message left for a newer task") ? true : undefined),
        patienceMs(60_000),
      );
      expect([callsTo("/plain"), callsTo("/first"), callsTo("/second")]).toEqual([0, 1, before]);
      expect(stepsOf(await pipeline.row("steps-1"))?.done).toMatchObject([{ channel: "first", result: "delivered" }]);

      answer = 200;
      await run("this");
      const row = await pipeline.terminalRow("steps-1", patienceMs(120_000));
      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(stepsOf(row)?.done.map(({ channel }) => channel)).toEqual(["first", "second"]);
      expect([callsTo("/plain"), callsTo("/first")]).toEqual([0, 1]);
    },
    patienceMs(240_000),
  );
});
