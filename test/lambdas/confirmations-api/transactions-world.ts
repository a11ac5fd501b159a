/** The API's app over DynamoDB Local, with merchants, and with a queue that keeps what it was sent. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { XRayClient } from "@aws-sdk/client-xray";
import { SENT_KINDS } from "../../../core/channels/channel.ts";
import type { FastPathCall } from "../../../core/aws/fast-path/fast-path-call.ts";
import { countAcknowledged } from "../../../core/aws/count-acknowledged.ts";
import type { CampaignSeries } from "../../../core/aws/read-campaigns.ts";
import { WEBHOOK_CHANNEL } from "../../../core/campaigns/campaign.ts";
import { CampaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import type { CampaignRange } from "../../../core/campaigns/campaign-range.ts";
import { AuditedWrites } from "../../../core/aws/audited-writes.ts";
import { EvidenceStore } from "../../../core/aws/evidence-store.ts";
import { describeRestored } from "../../../core/aws/restored-table.ts";
import { SurveyStore } from "../../../core/aws/survey-store.ts";
import { readImport } from "../../../core/aws/import-rows.ts";
import { JobStore } from "../../../core/aws/job-store.ts";
import { OpenJobs } from "../../../core/aws/open-jobs.ts";
import { listJobs } from "../../../core/aws/list-jobs.ts";
import { UnknownElsewhere } from "../../../core/aws/unknown-elsewhere.ts";
import { noteElsewhere } from "../../../core/aws/note-elsewhere.ts";
import { recordAcknowledgement } from "../../../core/aws/record-acknowledgement.ts";
import type { EntryError } from "../../../core/aws/message-queue.ts";
import type { OutgoingMessage } from "../../../core/aws/queue-requests.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { Intake } from "../../../core/intake/intake.ts";
import type { ApiApp } from "../../../core/api/api-app.ts";
import type { PartId } from "../../../core/jobs/part.ts";
import { IntakeMerchants } from "../../../core/intake/intake-merchants.ts";
import { confirmationsApi } from "../../../lambdas/confirmations-api/app.ts";
import type { LiveParts } from "../../../lambdas/confirmations-api/routes/live/get-live.ts";
import { directQueue } from "../../../lambdas/confirmations-api/direct-queue.ts";
import { merchantParts } from "../../../lambdas/confirmations-api/merchant-parts.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { API_TABLES, createApiTables } from "./api-tables.ts";

const ROW_KEYS = { dueShards: 4, merchantShards: 2, leaseMs: 60_000 };
const MERCHANTS = API_TABLES.merchantsTable;
const RETENTION = { settledDays: 30, manifestDays: 400 };
const ACKNOWLEDGE = { acknowledgeWithinSeconds: 300, maxAcknowledgeWithinSeconds: 3600 };
/** That are registered. */
export const LABELS = ["spring-sale", "reminder"];
export const LIVE_KEPT_MS = 60_000;
const channelBounds = {
  kinds: SENT_KINDS,
  smsCountries: ["BR", "US"],
  queueArns: ["arn:aws:sqs:eu-west-1:123456789012:orders.fifo"],
  topicArns: ["arn:aws:sns:eu-west-1:123456789012:orders"],
  eventBusArns: ["arn:aws:events:eu-west-1:123456789012:event-bus/orders"],
  ownQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/confirmations",
};
const sandbox = { ratePerSecond: 10, concurrency: 5 };

export interface Token {
  readonly scopes?: string;
  readonly merchantId?: string;
  readonly subject?: string;
}

export interface World extends AsyncDisposable {
  readonly dynamodb: DynamoDbLocal;
  readonly sent: OutgoingMessage[];
  /** Messages to the queue of merchant calls. */
  readonly calls: string[];
  /** Messages to the queue of parts of jobs, and the milliseconds for which they are held back. */
  readonly parts: { readonly id: PartId; readonly afterMs: number }[];
  /** What that queue does with what it is sent. */
  sendingParts: () => Promise<void>;
  /** What the queue does with what it is sent. */
  sending: (messages: readonly OutgoingMessage[]) => Promise<EntryError[] | undefined>;
  /** Whether DynamoDB leaves merchants unread. */
  areMerchantsUnread: boolean;
  readonly logged: unknown[];
  /** Metrics of what was acknowledged; merchant `other` is of the sandbox. */
  readonly counted: string[];
  readonly app: ApiApp;
  /** What X-Ray answers. @default that it was not to be asked */
  xray: (command: { readonly input: object }) => Promise<object>;
  /** What is counted of labels, and what is read of it. */
  readonly campaigns: CampaignCounts;
  readCampaigns: (labels: readonly string[], range: CampaignRange) => Promise<readonly CampaignSeries[]>;
  /** What is read for the Live page. @default that nothing is kept */
  readLive: LiveParts["live"]["read"];
  /** What S3 answers. */
  s3: () => Promise<object>;
  ask(
    method: string,
    path: string,
    more?: { readonly body?: unknown; readonly headers?: Record<string, string>; readonly token?: Token | null },
  ): Promise<{ status: number; headers: Headers; body: Record<string, never> }>;
}

export async function transactionsWorld(): Promise<World> {
  const dynamodb = await startDynamoDbLocal();
  const { client, table } = dynamodb;
  await createApiTables(client);
  const merchants = { acme: "https://acme.example/hook", other: "https://other.example/hook", silent: undefined };
  for (const [merchantId, url] of Object.entries(merchants))
    await client.send(
      new PutItemCommand({
        TableName: MERCHANTS,
        Item: { merchantId: { S: merchantId }, ...(url !== undefined && { confirmationUrl: { S: url } }) },
      }),
    );
  const unknownElsewhere = new UnknownElsewhere(client, API_TABLES.jobsTable);
  const sent: OutgoingMessage[] = [];
  const logged: unknown[] = [];
  const calls: string[] = [];
  const parts: World["parts"] = [];
  const campaigns = new CampaignCounts(LABELS);
  const jobStore = new JobStore(client, API_TABLES.jobsTable, Date.now);
  const call: FastPathCall = async <Output>(_operation: string, body: () => string, bySdk: () => Promise<Output>) => {
    if (!world.areMerchantsUnread) return bySdk();
    const { RequestItems } = JSON.parse(body()) as { readonly RequestItems: object };
    return { Responses: {}, UnprocessedKeys: RequestItems } as Output;
  };
  const known = new IntakeMerchants({ client, call, merchantsTable: MERCHANTS, nowMs: Date.now });
  const queue = {
    send: async (messages: readonly OutgoingMessage[]) => {
      const errors = await world.sending(messages);
      sent.push(...messages);
      return errors ?? messages.map(() => undefined);
    },
  };
  const guard = new AddressGuard([], [], []);
  const intake = new Intake({
    table,
    merchants: known,
    guard,
    maxBodyBytes: 262_144,
    rowKeys: ROW_KEYS,
    nowMs: Date.now,
    direct: directQueue({ confirmations: queue, order: "transaction" }, (...line) => logged.push(line)),
  });
  const sendParts = async (ids: readonly PartId[], afterMs: number) => {
    await world.sendingParts();
    parts.push(...ids.map((id) => ({ id, afterMs })));
  };
  const app = confirmationsApi({
    ...merchantParts({
      ...API_TABLES,
      ...ROW_KEYS,
      ...RETENTION,
      ...ACKNOWLEDGE,
      switchAheadSeconds: 60,
      sandbox,
      client,
      transactionsTable: table.name,
      s3: { send: () => world.s3() } as never,
      manifestsBucket: "manifests",
      sqs: { send: async ({ input }: { input: { MessageBody: string } }) => calls.push(input.MessageBody) } as never,
      merchantCallsQueueUrl: "https://sqs.example/merchant-calls",
      guard,
      channelBounds,
      nowMs: Date.now,
    }),
    logError: (...line) => logged.push(line),
    intake,
    merchants: known,
    readRows: (transactionIds) => table.read(transactionIds),
    read: async (transactionId) => dynamodb.get(transactionId),
    raising: { client, table: table.name, rowKeys: ROW_KEYS, nowMs: Date.now },
    acknowledge: countAcknowledged({
      record: (given) =>
        recordAcknowledgement(
          { table, settledDays: RETENTION.settledDays, nowMs: Date.now, pause: async () => undefined },
          given,
        ),
      isSandbox: async (merchantId) => merchantId === "other",
      count: (metric) => world.counted.push(metric),
      campaigns,
    }),
    noteElsewhere: (said, by) =>
      noteElsewhere(said, by, {
        table,
        settledDays: RETENTION.settledDays,
        nowMs: Date.now,
        warn: (...line) => logged.push(line),
      }),
    noteUnknown: (merchantId, ones) => unknownElsewhere.note(merchantId, ones, Date.now()),
    unknownOf: (merchantId) => unknownElsewhere.of(merchantId),
    campaigns: {
      labels: LABELS,
      channels: [WEBHOOK_CHANNEL],
      read: (...asked) => world.readCampaigns(...asked),
    },
    live: { read: () => world.readLive(), keptMs: LIVE_KEPT_MS },
    jobStore,
    openJobs: new OpenJobs(client, API_TABLES.jobsTable),
    imports: {
      jobStore,
      openJobs: new OpenJobs(client, API_TABLES.jobsTable),
      readImport: (jobId) => readImport(client, API_TABLES.jobsTable, jobId),
      listImports: (limit, after) => listJobs(client, jobStore, "import", limit, after),
      sendParts,
      audited: new AuditedWrites(client, API_TABLES.auditLogTable),
      // It signs, and sends nothing.
      s3: new S3Client({ region: "eu-west-1", credentials: { accessKeyId: "id", secretAccessKey: "secret" } }),
      importsBucket: "imports",
      maxImportBytes: 1_000_000_000,
      nowMs: Date.now,
    },
    exports: {
      jobStore,
      openJobs: new OpenJobs(client, API_TABLES.jobsTable),
      listExports: (limit, after) => listJobs(client, jobStore, "export", limit, after),
      sendParts,
      audited: new AuditedWrites(client, API_TABLES.auditLogTable),
      s3: new S3Client({ region: "eu-west-1", credentials: { accessKeyId: "id", secretAccessKey: "secret" } }),
      importsBucket: "imports",
      keptDays: 7,
      nowMs: Date.now,
    },
    restores: {
      transactionsTable: table.name,
      journalSeconds: 60,
      describeRestored: (name) => describeRestored(client, name),
      jobStore,
      surveys: new SurveyStore(client, API_TABLES.jobsTable, Date.now),
      evidence: new EvidenceStore(client, API_TABLES.jobsTable, Date.now),
      readRows: (transactionIds) => table.read(transactionIds),
      openJobs: new OpenJobs(client, API_TABLES.jobsTable),
      listRestores: (limit, after) => listJobs(client, jobStore, "restore", limit, after),
      sendParts,
      audited: new AuditedWrites(client, API_TABLES.auditLogTable),
      nowMs: Date.now,
    },
    listRedeliveries: (limit, after) => listJobs(client, jobStore, "redelivery", limit, after),
    listResyncs: (limit, after) => listJobs(client, jobStore, "resync", limit, after),
    hasEvents: true,
    sendParts,
    client,
    table,
    merchantShards: ROW_KEYS.merchantShards,
    nowMs: Date.now,
    traceHeader: () => undefined,
    xray: { send: ((command: { readonly input: object }) => world.xray(command)) as never } as Pick<XRayClient, "send">,
  });
  const world: World = {
    xray: () => Promise.reject(new Error("X-Ray was not asked for")),
    s3: () => Promise.reject(new Error("S3 was not asked for")),
    campaigns,
    readCampaigns: async () => [],
    readLive: async () => undefined,
    dynamodb,
    sent,
    calls,
    parts,
    sendingParts: async () => undefined,
    logged,
    counted: [],
    app,
    sending: async () => undefined,
    areMerchantsUnread: false,
    async ask(method, path, { body, headers = {}, token = {} } = {}) {
      const { scopes = "transactions:read transactions:write", merchantId = "", subject = "tests" } = token ?? {};
      const requestContext = {
        requestId: "request-1",
        ...(token !== null && { authorizer: { subject, clientId: "client", scopes, merchantId } }),
      };
      const sentText = typeof body === "string" ? body : JSON.stringify(body);
      const response = await app.request(
        `/v1${path}`,
        {
          method,
          headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
          ...(body !== undefined && { body: sentText }),
        },
        { requestContext },
      );
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text === "" ? {} : JSON.parse(text)) as never,
      };
    },
    [Symbol.asyncDispose]: () => dynamodb.stop(),
  };
  return world;
}
