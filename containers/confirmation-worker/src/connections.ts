/** A task's connections to AWS: clients with bounds, the fast path for frequent calls, the table and the queues. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { askQueue } from "../../../core/aws/ask-queue.ts";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { WORKER_LIMITS } from "../../../core/aws/call-limits.ts";
import { ImportedSecrets } from "../../../core/aws/imported-secrets.ts";
import { type FastPathCall, FastPathService } from "../../../core/aws/fast-path/fast-path-call.ts";
import { MessageQueue } from "../../../core/aws/message-queue.ts";
import { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { errorFields } from "../../../core/errors/error-fields.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { OpenSecret } from "../../../core/signing/open-secrets.ts";
import type { TaskClock } from "./clock/task-clock.ts";
import type { WorkerEnvironment } from "./environment.ts";
import type { WorkerTelemetry } from "./telemetry/worker-telemetry.ts";

export interface Connections {
  readonly dynamodb: DynamoDBClient;
  /** Makes the frequent calls to it. */
  readonly toTable: FastPathCall;
  readonly table: TransactionsTable;
  readonly confirmations: MessageQueue;
  readonly ordered: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly openSecret: OpenSecret;
  /** Any call to SQS, which says what time it is. */
  readonly askQueue: () => Promise<void>;
  readonly close: () => void;
}

export function connect(env: WorkerEnvironment, clock: TaskClock, telemetry: WorkerTelemetry): Connections {
  const limits = WORKER_LIMITS;
  const connection = { region: env.region };
  const { watch } = clock;
  const dynamodb = boundedClient(DynamoDBClient, limits, connection, watch.dynamodb);
  const sqs = boundedClient(SQSClient, limits, connection, watch.sqs);
  const kms = boundedClient(KMSClient, limits, connection);
  const fellBack = (operation: string, reason: unknown) => {
    telemetry.count(METRICS.leftToSdk);
    telemetry.debug("a call is left to the SDK", { operation, error: errorFields(reason) });
  };
  const calls = { limits, fellBack, now: clock.now };
  const toTable = new FastPathService({ service: "dynamodb", client: dynamodb, dates: watch.dynamodb, ...calls });
  const toQueue = new FastPathService({ service: "sqs", client: sqs, dates: watch.sqs, ...calls });
  const secrets = new ImportedSecrets({ kms, keyArn: env.importedSecretsKeyArn, nowMs: clock.elapsedMs });
  return {
    dynamodb,
    toTable: toTable.call,
    table: new TransactionsTable(dynamodb, env.transactionsTable, toTable.call),
    confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl, toQueue),
    ordered: new MessageQueue(sqs, env.orderedQueueUrl, toQueue),
    deadLetters: new MessageQueue(sqs, env.deadLetterQueueUrl),
    openSecret: secrets.open,
    askQueue: () => askQueue(sqs, env.confirmationsQueueUrl),
    close: () => {
      toTable.close();
      toQueue.close();
      dynamodb.destroy();
      sqs.destroy();
      kms.destroy();
    },
  };
}
