/**
 * The runbook's own lines and queries, run on the stack of this machine as an operator runs them in an account. First
 * on its stack: there are no other dead letters.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { WORKER_LOG_GROUP } from "../../lib/logs/logs.ts";
import { LOG_QUERIES, queryText } from "../../lib/logs/log-queries.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { runAwsLine } from "./aws-line.ts";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const RUNBOOK = readFileSync(join(import.meta.dirname, "../../docs/runbook.md"), "utf8");
/** What cannot be run here, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  "aws ecs": "the worker is a child process of this machine; its starts and ends are in its log",
};
const QUOTED = [...RUNBOOK.matchAll(/`(aws [^`]+)`/g)].map(([, line = ""]) => line);
const BLOCKS = [...RUNBOOK.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block.trim());
const LINES = [...QUOTED, ...BLOCKS.filter((block) => block.startsWith("aws "))];
const [elsewhere, here] = [true, false].map((isElsewhere) =>
  LINES.filter((line) => Object.keys(NOT_HERE).some((start) => line.startsWith(start)) === isElsewhere),
) as [string[], string[]];

/** What a stack is to have. */
export const RUNBOOK_STACK = {
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  release: { everySeconds: 1 },
};

let pipeline: Pipeline;

function run(line: string) {
  return runAwsLine(line.replaceAll("<its ARN>", functionArn("release-due")), pipeline.stack);
}

function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

async function control(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${pipeline.stack.endpoints.lambda}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function logs(operation: string, input: object) {
  const headers = { "x-amz-target": `Logs_20140328.${operation}` };
  const { endpoints } = pipeline.stack;
  const response = await fetch(endpoints.cloudwatch, { method: "POST", headers, body: JSON.stringify(input) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function query(queryString: string, logGroupNames: readonly string[]): Promise<Record<string, string>[]> {
  const started = await logs("StartQuery", { queryString, logGroupNames, startTime: 0, endTime: 4_000_000_000 });
  expect([started.status, started.body]).toEqual([200, { queryId: expect.any(String) }]);
  const { body } = await logs("GetQueryResults", started.body);
  expect(body["status"]).toBe("Complete");
  const rows = body["results"] as { field: string; value: string }[][];
  return rows.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
}

export function runbook(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    await pipeline.registerMerchant({ merchantId: "my-shop", confirmationUrl: pipeline.merchant.url("/in") });
    // As the runbook's lines expect it: paused, and with a URL that is disabled.
    await run(
      `aws dynamodb update-item --table-name MerchantGates --key '{"merchantId":{"S":"my-shop"}}' ` +
        `--update-expression 'ADD disabledUrls :urls' --expression-attribute-values '{":urls":{"SS":["https://a/"]}}'`,
    );
  });

  describe("a line of the runbook", () => {
    it.each(here.map((line) => [line]))("is answered: %s", async (line) => {
      const { status, body } = await run(line);
      expect({ status, body }).toEqual({ status: 200, body: expect.any(Object) });
    });

    it("is all of them but those of which it is said why not", () => {
      expect(here.length).toBeGreaterThan(8);
      expect(elsewhere.length).toBe(1);
    });
  });

  describe("an event source mapping", () => {
    it("hands nothing on while it is disabled, and goes on where it was", async () => {
      const { body } = await run("aws lambda list-event-source-mappings --function-name stream-transactions");
      const [mapping] = body["EventSourceMappings"] as { UUID: string; State: string; EventSourceArn: string }[];
      expect(mapping).toMatchObject({ State: "Enabled", EventSourceArn: expect.stringContaining("/stream/") });
      const path = `/2015-03-31/event-source-mappings/${mapping?.UUID}`;

      expect(await (await control("PUT", path, { Enabled: false })).json()).toMatchObject({ State: "Disabled" });
      await pipeline.put(transactionRow("t-off", "my-shop"));
      await waitFor("the stream has it", async () => (await pipeline.stack.counters()).seen || undefined);
      expect((await pipeline.row("t-off"))["dueKey"]).toBeUndefined();
      expect((await pipeline.stack.counters()).queued).toBe(0);

      expect(await (await control("PUT", path, { Enabled: true })).json()).toMatchObject({ State: "Enabled" });
      expect((await pipeline.terminalRow("t-off"))["confirmationState"]).toEqual({ S: "CONFIRMED" });
      expect((await control("GET", "/2015-03-31/event-source-mappings/none")).status).toBe(404);
    });

    it("and an invocation of a function that is not there are 404, as in AWS", async () => {
      for (const path of ["functions/nobody/invocations", "event-source-mappings?FunctionName=nobody"]) {
        const response = await control(path.startsWith("functions") ? "POST" : "GET", `/2015-03-31/${path}`);
        expect([response.status, response.headers.get("x-amzn-errortype"), await response.json()]).toEqual([
          404,
          "ResourceNotFoundException",
          expect.objectContaining({ Message: `Function not found: ${functionArn("nobody")}` }),
        ]);
      }
    });
  });

  describe("dead letters that are put back", () => {
    it(
      "keep no alarm up once they are confirmed",
      async () => {
        const { sqs, stack } = pipeline;
        await pipeline.put(transactionRow("t-unknown", "nobody"));
        expect((await pipeline.terminalRow("t-unknown"))["confirmationState"]).toEqual({ S: "FAILED" });
        const raised = async (): Promise<string | undefined> => {
          const { region, credentials, endpoints } = stack;
          const cloudwatch = new CloudWatchClient({ region, credentials, endpoint: endpoints.cloudwatch });
          const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }));
          cloudwatch.destroy();
          return MetricAlarms.find(({ AlarmDescription = "" }) =>
            AlarmDescription.includes("#confirmations-were-given-up"),
          )?.AlarmName;
        };
        await waitFor("the alarm is on", raised);

        await pipeline.registerMerchant({ merchantId: "nobody", confirmationUrl: pipeline.merchant.url("/nobody") });
        const arnOf = async (QueueUrl: string) => {
          const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
          return (await sqs.send(asked)).Attributes?.["QueueArn"];
        };
        await sqs.send(
          new StartMessageMoveTaskCommand({
            SourceArn: await arnOf(stack.deadLetterQueueUrl),
            DestinationArn: await arnOf(stack.confirmationsQueueUrl),
          }),
        );
        await waitFor("it is confirmed", async () => {
          const row = await pipeline.row("t-unknown");
          return row["confirmationState"]?.S === "CONFIRMED" || undefined;
        });
        // What the alarm looks at: it goes off with the next of its minutes.
        expect((await stack.counters()).deadLetters).toBe(0);
      },
      patienceMs(240_000),
    );
  });

  describe("a saved query", () => {
    it.each(LOG_QUERIES.map((saved) => [saved.name, saved] as const))("is answered: %s", async (_, saved) => {
      const { body } = await logs("DescribeLogGroups", {});
      const there = new Set((body["logGroups"] as { logGroupName: string }[]).map(({ logGroupName }) => logGroupName));
      // Without canaries there is no log of theirs; the words of the query are what is tried then.
      const asked = saved.logGroups.filter((group) => there.has(group));
      expect(await query(queryText(saved), asked.length > 0 ? asked : [WORKER_LOG_GROUP])).toEqual(expect.any(Array));
    });

    it("finds what the programs wrote", async () => {
      const rows = await query('fields @timestamp, message | filter message = "worker ready" | limit 1', [
        WORKER_LOG_GROUP,
      ]);
      expect(rows).toEqual([
        { "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/), message: "worker ready" },
      ]);
      const { body } = await logs("FilterLogEvents", {
        logGroupName: WORKER_LOG_GROUP,
        filterPattern: '"worker ready"',
      });
      expect(body["events"]).toHaveLength(1);
      const functions = await query('filter @type = "REPORT" | stats count(*) as runs by @log', [
        "/aws/lambda/stream-transactions",
      ]);
      expect(Number(functions[0]?.["runs"])).toBeGreaterThan(0);
    });

    it("of a group that is not there, or in words that are not known, is refused by name", async () => {
      const asked = { startTime: 0, endTime: 1, queryString: "dedup message" };
      expect(await logs("StartQuery", { ...asked, logGroupNames: ["/nowhere"] })).toMatchObject({
        status: 400,
        body: { __type: "ResourceNotFoundException" },
      });
      expect(await logs("StartQuery", { ...asked, logGroupNames: [WORKER_LOG_GROUP] })).toMatchObject({
        status: 400,
        body: { __type: "MalformedQueryException", message: expect.stringContaining("dedup is not known") },
      });
    });
  });
}
