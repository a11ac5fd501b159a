/** A program's connections to AWS: clients with bounds, the fast path for frequent calls, the table and the queues. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { askQueue } from "../aws/ask-queue.ts";
import { boundedClient } from "../aws/bounded-client.ts";
import { COPY_LIMITS, type CallLimits } from "../aws/call-limits.ts";
import { CopiesTable } from "../aws/copies-table.ts";
import { ImportedSecrets } from "../aws/imported-secrets.ts";
import { type FastPathCall, FastPathService } from "../aws/fast-path/fast-path-call.ts";
import { MessageQueue } from "../aws/message-queue.ts";
import { TransactionsTable } from "../aws/transactions-table.ts";
import { errorFields } from "../errors/error-fields.ts";
import { METRICS } from "../settings/names.ts";
import { IDLE_POLL_SECONDS } from "../settings/worker-rhythm.ts";
import type { OpenSecret } from "../signing/open-secrets.ts";
import type { TaskClock } from "./clock/task-clock.ts";
import type { PathTelemetry } from "./telemetry/path-telemetry.ts";

export interface Connections {
  readonly dynamodb: DynamoDBClient;
  /** Makes the frequent calls to it. */
  readonly toTable: FastPathCall;
  readonly table: TransactionsTable;
  readonly confirmations: MessageQueue;
  readonly ordered: MessageQueue;
  readonly deadLetters: MessageQueue;
  /** Calls that jobs ask for. Undefined where nobody can ask for any. */
  readonly merchantCalls: MessageQueue | undefined;
  /** For who listens to a merchant, on connections of their own. Undefined where nobody can. */
  readonly copies: CopiesTable | undefined;
  readonly openSecret: OpenSecret;
  /** Any call to SQS, which says what time it is. */
  readonly askQueue: () => Promise<void>;
  readonly close: () => void;
}

/** Of a program's environment. */
export interface ConnectionsEnvironment {
  /** @default the one that the environment names to the SDK */
  readonly region?: string;
  readonly transactionsTable: string;
  readonly confirmationsQueueUrl: string;
  readonly orderedQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Empty for none. */
  readonly merchantCallsQueueUrl: string;
  /** Empty for none. */
  readonly jobsTable: string;
  readonly importedSecretsKeyArn: string;
}

export function connect(
  env: ConnectionsEnvironment,
  clock: TaskClock,
  telemetry: Pick<PathTelemetry, "count" | "debug">,
  limits: CallLimits,
): Connections {
  const connection = env.region === undefined ? {} : { region: env.region };
  const { watch } = clock;
  const dynamodb = boundedClient(DynamoDBClient, limits, connection, watch.dynamodb);
  const sqs = boundedClient(SQSClient, limits, connection, watch.sqs);
  const kms = boundedClient(KMSClient, limits, connection);
  const fellBack = (operation: string, reason: unknown) => {
    telemetry.count(METRICS.leftToSdk);
    telemetry.debug("a call is left to the SDK", { operation, error: errorFields(reason) });
  };
  const calls = { limits, fellBack, now: clock.now, elapsedMs: clock.elapsedMs };
  const toTable = new FastPathService({ service: "dynamodb", client: dynamodb, dates: watch.dynamodb, ...calls });
  const toQueue = new FastPathService({ service: "sqs", client: sqs, dates: watch.sqs, ...calls });
  // Apart from other calls, whose dead connections are noticed sooner.
  const ofPolls = { ...limits, attemptMs: limits.attemptMs + IDLE_POLL_SECONDS * 1000 };
  const polling = boundedClient(SQSClient, ofPolls, connection, watch.sqs);
  const toPoll = new FastPathService({
    service: "sqs",
    client: polling,
    dates: watch.sqs,
    ...calls,
    limits: ofPolls,
  });
  const queue = { call: toQueue.call, polls: { client: polling, call: toPoll.call } };
  let forCopies: DynamoDBClient | undefined;
  const copyLimits = { ...COPY_LIMITS, ...(limits.leftMs !== undefined && { leftMs: limits.leftMs }) };
  const copiesClient = () => (forCopies ??= boundedClient(DynamoDBClient, copyLimits, connection));
  const secrets = new ImportedSecrets({ kms, keyArn: env.importedSecretsKeyArn, nowMs: clock.elapsedMs });
  return {
    dynamodb,
    toTable: toTable.call,
    table: new TransactionsTable(dynamodb, env.transactionsTable, toTable.call),
    confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl, queue),
    ordered: new MessageQueue(sqs, env.orderedQueueUrl, queue),
    deadLetters: new MessageQueue(sqs, env.deadLetterQueueUrl),
    merchantCalls:
      env.merchantCallsQueueUrl === "" ? undefined : new MessageQueue(sqs, env.merchantCallsQueueUrl, queue),
    copies: env.jobsTable === "" ? undefined : new CopiesTable(copiesClient, env.jobsTable),
    openSecret: secrets.open,
    askQueue: () => askQueue(sqs, env.confirmationsQueueUrl),
    close: () => {
      toTable.close();
      toQueue.close();
      toPoll.close();
      dynamodb.destroy();
      forCopies?.destroy();
      sqs.destroy();
      polling.destroy();
      kms.destroy();
    },
  };
}
