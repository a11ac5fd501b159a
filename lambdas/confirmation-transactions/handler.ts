/** Lambda `confirmation-transactions` of small-account mode: batches of both queues to the merchants. Wires only. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { masterKeysText } from "../../core/aws/master-keys-text.ts";
import { PathTelemetry } from "../../core/confirmation/telemetry/path-telemetry.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { confirmationTransactionsEnvironment } from "./environment.ts";
import { InvocationClock } from "./invocation-clock.ts";
import { Execution } from "./execution.ts";

const { confirmationTransactions: SERVICE } = FUNCTION_NAMES;
const PROGRAM = { name: SERVICE, origin: "AWS::Lambda::Function" } as const;

const env = confirmationTransactionsEnvironment.read();
const clock = new InvocationClock();
const telemetry = new PathTelemetry(clock, SERVICE, env.publishedMetrics, PROGRAM);
const invocation = new Invocation();
const secrets = boundedClient(SecretsManagerClient, { ...FUNCTION_LIMITS, leftMs: invocation.leftMs });
const loadMasterKeys = () => masterKeysText(secrets, env.masterKeysSecretArn);
const execution = new Execution({ env, clock, telemetry, invocation, loadMasterKeys });

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  invocation.begin(context);
  clock.thaw();
  const left = await execution.handle(event.Records);
  telemetry.publish();
  await telemetry.hops.flush();
  return { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
}
