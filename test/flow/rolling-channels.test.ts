/**
 * Recipients with channels, while a deployment rolls: the worker of the build before there were any, over rows that
 * have steps. It calls nobody for them, and leaves their messages to this build. Counted from outside, by what was
 * sent.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { patienceMs } from "../support/machine-speed.ts";
import {
  type AssemblyBefore,
  assemblyBefore,
  bothBuilds,
  type Builds,
  describeBeside,
  runWorkers,
  stopBuilds,
} from "./build-beside.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that knows no channels. */
const BEFORE = "93e5ba0dc7b9dbaf8cfd45c918866a639a0c9f7d";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process responds as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};
const MERCHANT = "by-channels";

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  pipeline = await Pipeline.start(SETTINGS);
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

/** Two webhooks, each of which must respond with 2xx, and the one that programs without channels know. */
async function merchant(statusOfSecond: () => number): Promise<void> {
  pipeline.merchant.respond("/first", () => 200);
  pipeline.merchant.respond("/second", statusOfSecond);
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
      let status = 503;
      await merchant(() => status);
      await runWorkers(builds, "this");
      await pipeline.put(transactionRow("steps-1", MERCHANT));
      await waitFor("its second step failed once", async () => {
        const row = await pipeline.row("steps-1");
        return stepsOf(row)?.current?.channel === "second" && callsTo("/second") > 0 ? true : undefined;
      });
      await runWorkers(builds, "before");
      const before = callsTo("/second");
      await waitFor(
        "the task of the build before leaves its message",
        async () => (builds.before.hasWritten("message left for a newer task") ? true : undefined),
        patienceMs(60_000),
      );
      expect([callsTo("/plain"), callsTo("/first"), callsTo("/second")]).toEqual([0, 1, before]);
      expect(stepsOf(await pipeline.row("steps-1"))?.done).toMatchObject([{ channel: "first", result: "delivered" }]);

      status = 200;
      await runWorkers(builds, "this");
      const row = await pipeline.terminalRow("steps-1", patienceMs(120_000));
      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(stepsOf(row)?.done.map(({ channel }) => channel)).toEqual(["first", "second"]);
      expect([callsTo("/plain"), callsTo("/first")]).toEqual([0, 1]);
    },
    patienceMs(240_000),
  );
});
