/**
 * `npm run trace -- <transactionId>`: the way of one transaction through the running stack, hop by hop, as X-Ray would
 * show it; `--json` gives the documents themselves.
 */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../core/aws/call-limits.ts";
import { runCommand } from "./command-line/run-command.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import { notRunning, readStackFile, type StackFile } from "./stack-file.ts";
import { parseTraceOptions, TRACE_COMMAND, type TraceOptions } from "./trace-options.ts";
import { describeTrace, printable } from "./tracing/describe-trace.ts";
import { readTraceFile } from "./tracing/trace-file.ts";
import { textIn, traceTree, tracesOf } from "./tracing/trace-tree.ts";

async function main(args: readonly string[]): Promise<void> {
  const options = parseTraceOptions(args);
  const { transactionId, stateDirectory, json } = options;
  const stack = readStackFile(stateDirectory);
  const kept = readTraceFile(stateDirectory);
  const traceIds = tracesOf(kept, transactionId);
  if (traceIds.length === 0) throw await whyNone(stack, options);
  if (json) {
    const documents = kept.flatMap(({ document }) => (document === undefined ? [] : [document]));
    const ofTraces = documents.filter((document) => traceIds.includes(textIn(document, "trace_id")));
    process.stdout.write(`${JSON.stringify(ofTraces, undefined, 2)}\n`);
    return;
  }
  const described = traceIds.map((traceId) => describeTrace(traceId, traceTree(kept, traceId)));
  process.stdout.write(described.join("\n"));
  const refused = kept.filter(({ faults }) => faults.length > 0);
  const [last] = refused.slice(-1);
  if (last !== undefined)
    process.stdout.write(
      `\nX-Ray would refuse ${refused.length} of the kept documents; the last: ${last.faults.join("; ")}.\n`,
    );
}

async function whyNone({ environment, outputs }: StackFile, options: TraceOptions): Promise<LocalError> {
  const { transactionId, stateDirectory } = options;
  const client = boundedClient(DynamoDBClient, COMMAND_LIMITS, {
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
  });
  try {
    const Key = { transactionId: { S: transactionId } };
    const { Item } = await client.send(new GetItemCommand({ TableName: outputs["TransactionsTableName"], Key }));
    if (Item === undefined)
      return new LocalError("LOCAL_TRACE_MISSING", `There is no transaction ${printable(transactionId)} in the table.`);
    const decided = Item["traceHeader"]?.S;
    const why = decided === undefined ? "" : ` Its producer gave it the trace header ${printable(decided)}.`;
    return new LocalError(
      "LOCAL_TRACE_MISSING",
      `Transaction ${printable(transactionId)} is there, and no trace of it: it was not sampled, or its ` +
        `trace is too old to be kept.${why} The setting tracing.share says which share of them is; \`npm ` +
        `start\` has 1.`,
    );
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ECONNREFUSED") return notRunning(stateDirectory, cause);
    throw cause;
  } finally {
    client.destroy();
  }
}

await runCommand(TRACE_COMMAND, process.argv.slice(2), main);
