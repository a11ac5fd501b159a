/**
 * What every part of the suite plays on: fresh state, merchants in two processes, well and hostile ones, with their
 * listeners that must not be reached, and the stack. Whatever happens, all of it is ended before `onStage` returns;
 * the logs are kept if something is wrong.
 */
import { join } from "node:path";
import { type AttributeValue, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type RowKeySettings, rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { JOB_PARTS_QUEUE_NAME } from "../../../core/settings/names.ts";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import type { FleetMerchant, Watchers } from "../../../local/demo/fleet/messages.ts";
import { type MerchantFleet, SplitFleet } from "../../../local/demo/fleet/split-fleet.ts";
import { TableReader } from "../../../local/demo/read-table.ts";
import { registerMerchants } from "../../../local/demo/register-merchants.ts";
import { freshStateDirectory } from "../../../local/demo/state-directory.ts";
import type { Interposition, LocalStack } from "../../../local/local-stack.ts";
import { CHECKOUT } from "../../../local/checkout.ts";
import { startLocalStack } from "../../../local/stack.ts";
import { HOSTILE_MERCHANTS } from "../plan/merchants.ts";
import { DEADLINE_MS } from "./settings.ts";
import { errorLine } from "../../../core/errors/error-fields.ts";

const HOSTILE_IDS = new Set(HOSTILE_MERCHANTS.map(({ merchantId }) => merchantId));

export interface StageOptions {
  readonly seed: number;
  readonly merchants: readonly FleetMerchant[];
  readonly settings: (ports: Readonly<Record<string, number>>) => SettingsInput;
  /** Where a merchant is called. @default plain http on its port of 127.0.0.1 */
  readonly originOf?: (merchantId: string, port: number) => string;
  /** Further attributes of a merchant's row, by its id. */
  readonly merchantAttributes?: Readonly<Record<string, Readonly<Record<string, AttributeValue>>>>;
  /** Whether hostile merchants get what time the machine has left over only. @default false */
  readonly hostileGiveWay?: boolean;
  /** @param directory for files of the suite's own */
  readonly interposition?: (directory: string) => Interposition;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

export interface Stage {
  readonly stack: LocalStack;
  readonly fleet: MerchantFleet;
  /** Of the merchants. */
  readonly ports: Readonly<Record<string, number>>;
  readonly watchers: Watchers;
  readonly client: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly table: TableReader;
  /** URLs of the queues past every proxy. */
  readonly confirmationsUrl: string;
  readonly orderedUrl: string;
  readonly deadLettersUrl: string;
  readonly jobPartsUrl: string;
  readonly producer: RowKeySettings;
  readonly isStopped: () => boolean;
}

/** @param play resolves with what it found; `isClean` decides whether the logs are kept */
export async function onStage<Report extends { readonly isClean: boolean }>(
  options: StageOptions,
  play: (stage: Stage) => Promise<Report>,
): Promise<Report> {
  const { seed, merchants, interruption, note } = options;
  const state = await freshStateDirectory("chaos");
  const fleet = new SplitFleet((merchantId) => HOSTILE_IDS.has(merchantId), options.hostileGiveWay);
  const clients: { destroy(): void }[] = [];
  let stack: LocalStack | undefined;
  let isClean = false;
  try {
    const watchers = await fleet.watch();
    const ports = await fleet.listen(merchants, DEADLINE_MS, seed);
    const interposition = options.interposition?.(join(state.path, "suite"));
    stack = await startLocalStack({
      ...CHECKOUT,
      stateDirectory: join(state.path, "stack"),
      fresh: true,
      settings: options.settings(ports),
      ...(interposition !== undefined && { interposition }),
    });
    const broken = stack.broken.then((error): never => {
      throw error;
    });
    const connection = { region: stack.region, credentials: stack.credentials };
    const client = boundedClient(DynamoDBClient, LOCAL_LIMITS, { ...connection, endpoint: stack.endpoints.dynamodb });
    const sqs = boundedClient(SQSClient, LOCAL_LIMITS, { ...connection, endpoint: stack.endpoints.sqs });
    clients.push(client, sqs);
    await register({ options, stack, fleet, client, ports });
    const report = await Promise.race([
      play(stageOf({ stack, fleet, ports, watchers, client, sqs, interruption })),
      broken,
    ]);
    ({ isClean } = report);
    return report;
  } finally {
    for (const client of clients) client.destroy();
    const ended = await Promise.allSettled([stack?.stop(), fleet.stop()]);
    if (isClean || interruption.aborted) await state.remove();
    else note(`The logs are in ${state.path} until the next run.`);
    for (const end of ended) if (end.status === "rejected") note(`Not everything ended well: ${errorLine(end.reason)}`);
  }
}

function stageOf({
  stack,
  interruption,
  client,
  ...parts
}: Pick<Stage, "stack" | "fleet" | "ports" | "watchers" | "client" | "sqs"> &
  Pick<StageOptions, "interruption">): Stage {
  const { settings, endpoints, transactionsTable } = stack;
  const directly = (queueUrl: string) => endpoints.sqs + new URL(queueUrl).pathname;
  return {
    ...parts,
    stack,
    client,
    table: new TableReader(client, transactionsTable),
    confirmationsUrl: directly(stack.confirmationsQueueUrl),
    orderedUrl: directly(stack.orderedQueueUrl),
    deadLettersUrl: directly(stack.deadLetterQueueUrl),
    jobPartsUrl: directly(new URL(JOB_PARTS_QUEUE_NAME, stack.deadLetterQueueUrl).href),
    producer: rowKeySettings(settings),
    isStopped: () => interruption.aborted,
  };
}

function onLoopback(_merchantId: string, port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function register({
  options: { merchants, merchantAttributes = {}, originOf = onLoopback },
  stack,
  fleet,
  client,
  ports,
}: Pick<Stage, "stack" | "fleet" | "client"> & {
  readonly options: StageOptions;
  readonly ports: Readonly<Record<string, number>>;
}): Promise<void> {
  const confirmationUrls = Object.fromEntries(
    Object.entries(ports).map(([merchantId, port]) => [merchantId, `${originOf(merchantId, port)}/confirmations`]),
  );
  const { merchantsTable: tableName } = stack;
  const secrets = await registerMerchants({ client, stack, merchants, confirmationUrls });
  await fleet.trust(secrets, stack.outputs["AcknowledgementUrl"]);
  for (const [merchantId, attributes] of Object.entries(merchantAttributes)) {
    for (const [name, value] of Object.entries(attributes))
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { merchantId: { S: merchantId } },
          UpdateExpression: "SET #name = :value",
          ExpressionAttributeNames: { "#name": name },
          ExpressionAttributeValues: { ":value": value },
        }),
      );
  }
}
