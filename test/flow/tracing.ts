/**
 * One transaction's way as its trace tells it, on the synthesized stack: what the programs sent to the daemon, and what
 * the merchant got. First on its stack: it looks at all traces.
 */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { readTraceFile } from "../../local/tracing/trace-file.ts";
import { textIn } from "../../local/tracing/document-faults.ts";
import { commandLineOn } from "./command-line.ts";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { allNodes, type TraceNode, traceTree, tracesOf } from "./trace-tree.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

/** What a stack is to have. */
export const TRACING = {
  retry: { scheduleSeconds: [1, 1], inQueueMaxSeconds: 0 },
  release: { leaseSeconds: 60, everySeconds: 1 },
  tracing: { share: 1 },
};

let pipeline: Pipeline;

const isHop = ({ document }: TraceNode): boolean => document["trace_id"] !== undefined;
const isDone = (node: TraceNode): boolean =>
  allNodes(node).some(({ document }) => annotationsOf(document)["outcome"] === "delivered");

/**
 * The roots of the transaction's one trace, once its delivery is in it, and all that leads there: each program tells of
 * its hop by itself, and not in their order.
 *
 * @param hopCount how many hops it has at the least
 */
async function traceOf(transactionId: string, hopCount = 2): Promise<TraceNode[]> {
  return waitFor(`${transactionId} has a trace with its delivery`, () => {
    const kept = readTraceFile(pipeline.stateDirectory);
    const traceIds = tracesOf(kept, transactionId);
    expect(traceIds.length).toBeLessThanOrEqual(1);
    const roots = traceTree(kept, traceIds[0] ?? "");
    const hops = roots.flatMap((root) => allNodes(root)).filter(isHop);
    return roots.length === 1 && roots.some(isDone) && hops.length >= hopCount ? roots : undefined;
  });
}

const annotationsOf = (document: TraceNode["document"]) =>
  (document["annotations"] ?? {}) as Readonly<Record<string, string | number | undefined>>;

/** Names of a node and those below it, as a path would go. */
const names = (node: TraceNode): unknown => [node.name, ...node.children.map(names)];

async function setHealth(
  merchantId: string,
  expression: string,
  values?: Record<string, { N: string }>,
): Promise<void> {
  await pipeline.dynamodb.send(
    new UpdateItemCommand({
      TableName: pipeline.stack.outputs["MerchantGatesTableName"],
      Key: { merchantId: { S: merchantId } },
      UpdateExpression: expression,
      ...(values !== undefined && { ExpressionAttributeValues: values }),
    }),
  );
}

export function tracing(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    await pipeline.registerMerchant({ merchantId: "traced", confirmationUrl: pipeline.merchant.url("/traced") });
  });

  describe("a transaction that a producer traced, that waited for its merchant and was retried once", () => {
    it(
      "has one connected trace, with every hop from the producer to the merchant's response in it",
      async () => {
        const merchantId = "fake-merchant-1";
        pipeline.merchant.respond("/fails-once", (_, nth) => (nth === 1 ? 503 : 200));
        await setHealth(merchantId, "SET pausedAt = :now", { ":now": { N: String(Date.now()) } });
        await pipeline.stack.invoke("insert-fake-transactions", {
          ratePerSecond: 1,
          count: 1,
          merchants: 1,
          badShare: 0,
        });
        const transactionId = await waitFor("the row is parked for its merchant", async () => {
          const row = (await pipeline.rows()).find((one) => one["waitingFor"]?.S === "paused");
          return row?.["transactionId"]?.S;
        });
        await pipeline.update(transactionId, "SET confirmationUrl = :url", {
          ":url": { S: pipeline.merchant.url("/fails-once") },
        });
        await setHealth(merchantId, "REMOVE pausedAt");

        const [producer, ...others] = await traceOf(transactionId, 7);

        expect(others).toEqual([]);
        const nodes = allNodes(producer as TraceNode);
        const hops = nodes.filter(isHop);
        const way = hops.map(({ name, document }) => `${name} ${annotationsOf(document)["outcome"] ?? ""}`.trim());
        // The worker may look at the health row once or twice more than it is closed.
        const untilResumed = way.lastIndexOf("confirmation-worker paused");
        expect([...way.slice(0, 2), ...way.slice(untilResumed)]).toEqual([
          "insert-fake-transactions",
          "stream-transactions",
          "confirmation-worker paused",
          "release-due",
          "confirmation-worker status_5xx",
          "release-due",
          "confirmation-worker delivered",
        ]);
        expect(hops.map(({ document }) => annotationsOf(document)["merchant"])).toEqual(hops.map(() => merchantId));
        expect(hops.map(({ document }) => annotationsOf(document)["transaction"])).toEqual(
          hops.map(() => transactionId),
        );
        const attempts = hops.map(({ document }) => annotationsOf(document)["attempt"]);
        expect(attempts.filter((attempt) => attempt !== undefined)).toEqual([1, 2]);
        const last = hops.at(-1) as TraceNode;
        expect(last.children.map(({ name }) => name)).toEqual(["queue", "webhook", "DynamoDB"]);
        const calls = nodes.filter(({ name }) => name === "webhook").map(({ document }) => document);
        expect(calls).toEqual([
          expect.objectContaining({
            namespace: "remote",
            fault: true,
            http: {
              request: { method: "POST", url: `${new URL(pipeline.merchant.url("/")).origin}/` },
              response: { status: 503 },
            },
          }),
          expect.objectContaining({ http: expect.objectContaining({ response: { status: 200 } }) }),
        ]);
        const sent = pipeline.merchant.to("/fails-once").map(({ headers }) => headers["traceparent"]);
        const traceId = textIn(producer?.document ?? {}, "trace_id")
          .slice(2)
          .replace("-", "");
        expect(sent).toEqual(calls.map(({ id }) => `00-${traceId}-${textIn({ id }, "id")}-01`));
      },
      patienceMs(60_000),
    );
  });

  describe("a transaction put by a producer that knows nothing of traces", () => {
    it(
      "has its trace begun by the stream's function, and shown by a command",
      async () => {
        await pipeline.put(transactionRow("traced-1", "traced"));

        const [root, ...others] = await traceOf("traced-1");

        expect(others).toEqual([]);
        expect(names(root as TraceNode)).toEqual([
          "stream-transactions",
          ["stream"],
          ["SQS"],
          ["confirmation-worker", ["queue"], ["webhook"], ["DynamoDB"]],
        ]);
        const { stdout } = await commandLineOn(pipeline.stateDirectory)("trace", "traced-1");
        expect(stdout).toMatch(/^Trace 1-[0-9a-f]{8}-[0-9a-f]{24}: transaction traced-1, merchant traced, /);
        expect(stdout).toMatch(/ {2}stream-transactions\n.*├─ stream\n/);
        expect(stdout).toMatch(/ {3}├─ webhook {2}POST http:\/\/127\.0\.0\.1:\d+\/ {2}answered 200\n/);
      },
      patienceMs(60_000),
    );
  });

  describe("a transaction that its producer decided not to trace", () => {
    it(
      "leaves nothing but the flag that its merchant gets, and the command says so",
      async () => {
        const seconds = Math.floor(Date.now() / 1000).toString(16);
        const header = `Root=1-${seconds}-${"ab".repeat(12)};Parent=${"cd".repeat(8)};Sampled=0`;
        await pipeline.put(
          transactionRow("traced-2", "traced", {
            traceHeader: { S: header },
            confirmationUrl: { S: pipeline.merchant.url("/unsampled") },
          }),
        );
        await pipeline.terminalRow("traced-2");
        await pipeline.put(transactionRow("traced-3", "traced"));
        await traceOf("traced-3");

        expect(tracesOf(readTraceFile(pipeline.stateDirectory), "traced-2")).toEqual([]);
        expect(pipeline.merchant.to("/unsampled").map(({ headers }) => headers["traceparent"])).toEqual([
          `00-${seconds}${"ab".repeat(12)}-${"cd".repeat(8)}-00`,
        ]);
        const trace = (id: string) => commandLineOn(pipeline.stateDirectory)("trace", id);
        await expect(trace("traced-2")).rejects.toMatchObject({
          code: 3,
          stdout: expect.stringContaining("decided not to have it traced"),
        });
        await expect(trace("nobody")).rejects.toMatchObject({
          code: 3,
          stderr: expect.stringContaining("There is no transaction of this id"),
        });
      },
      patienceMs(60_000),
    );
  });

  describe("a trace header that is none", () => {
    it(
      "breaks nothing",
      async () => {
        await pipeline.put(transactionRow("traced-4", "traced", { traceHeader: { S: "Root=1-zz\r\nx: y;Sampled=1" } }));
        expect((await pipeline.terminalRow("traced-4"))["confirmationState"]).toEqual({ S: "CONFIRMED" });
        expect(await traceOf("traced-4")).toHaveLength(1);
      },
      patienceMs(60_000),
    );
  });

  describe("the documents of all traces", () => {
    it("are such as X-Ray takes, and hold ids and outcomes only", () => {
      const kept = readTraceFile(pipeline.stateDirectory);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.flatMap(({ faults }) => faults)).toEqual([]);
      expect(JSON.stringify(kept)).not.toMatch(/(?<!\d)12\.50(?!\d)|EUR|whsec|\/traced|fails-once/);
    });
  });
}
