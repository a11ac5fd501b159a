/**
 * Events from outside, in both modes: a service that is subscribed with a queue of its own, gets some events twice and
 * all in another order, and was down for longer than anything keeps them, has each transaction as the table has it.
 * First on its stack: all that the table has was told.
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import {
  type ConfirmationEvent,
  isGoneAfter,
  type KnownTransaction,
  type ResyncEvent,
  type TransactionEvent,
  withEvent,
} from "../../core/events/consume.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { seededRandom } from "../../local/demo/seeded-random.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** What a stack is to have. */
export const EVENTS = {
  api: { audience: ["confirmations"] },
  events: { enabled: true, batchingWindowSeconds: 0, merchantWindowSeconds: 0 },
};
const ROWS = { fargate: 60, lambda: 30 } as const satisfies Record<DeliveryMode, number>;
const DOUBLED = 0.1;

/** What a consumer compares with the table, by the names of the row's own attributes. */
interface Compared {
  readonly version: number;
  readonly state: string | undefined;
  readonly generation: number;
  readonly attemptCount: number;
  readonly failure: string | undefined;
}

export function eventsIn(mode: DeliveryMode, running: () => Pipeline): void {
  const rows = ROWS[mode];
  let pipeline: Pipeline;
  let sns: SNSClient;
  let token: string;

  beforeAll(async () => {
    pipeline = running();
    const { region, credentials, endpoints } = pipeline.stack;
    // By what any program has: the variables of the stack.
    sns = new SNSClient({ region, credentials, endpoint: pipeline.stack.environment["AWS_ENDPOINT_URL_SNS"] ?? "" });
    const form = { grant_type: "client_credentials", scope: "operations:write" };
    const response = await fetch(`${endpoints.issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
    token = ((await response.json()) as { access_token: string }).access_token;
  });
  afterAll(() => sns?.destroy());

  /** @returns takes what has come since */
  async function subscribed(name: string, policy?: object): Promise<() => Promise<ConfirmationEvent[]>> {
    const { QueueUrl } = await pipeline.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await pipeline.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: pipeline.stack.outputs["EventsTopicArn"],
        Protocol: "sqs",
        Endpoint: Attributes?.QueueArn,
        Attributes: {
          RawMessageDelivery: "true",
          ...(policy !== undefined && { FilterPolicy: JSON.stringify(policy) }),
        },
      }),
    );
    return async () => {
      const events: ConfirmationEvent[] = [];
      for (;;) {
        const { Messages = [] } = await pipeline.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return events;
        events.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as ConfirmationEvent));
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await pipeline.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    };
  }

  async function table(): Promise<Map<string, Compared>> {
    const found: Row[] = [];
    let from: Row | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await pipeline.dynamodb.send(
        new ScanCommand({ TableName: "Transactions", ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
      );
      found.push(...Items);
      from = LastEvaluatedKey;
    } while (from !== undefined);
    return new Map(
      found.map((row) => {
        const state = row["confirmationState"]?.S;
        return [
          row["transactionId"]?.S ?? "",
          {
            version: Number(row["version"]?.N),
            state,
            generation: Number(row["releaseNumber"]?.N ?? 0),
            attemptCount: Number(row["attemptCount"]?.N ?? 0),
            failure: state === "FAILED" ? row["failure"]?.M?.["code"]?.S : undefined,
          },
        ];
      }),
    );
  }

  function consumed(events: readonly ConfirmationEvent[], random: () => number): Map<string, Compared> {
    const doubled = [...events, ...events.filter(() => random() < DOUBLED)];
    const shuffled = doubled
      .map((event) => ({ event, at: random() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ event }) => event);
    const known = new Map<string, KnownTransaction>();
    for (const event of shuffled)
      if (event.type.startsWith("transaction."))
        known.set(event.subject, withEvent(known.get(event.subject), event as TransactionEvent));
    const over = events.filter((event): event is ResyncEvent => event.type === "resync.completed");
    return new Map(
      [...known].flatMap(([id, one]) => {
        const { state } = one;
        if (state === undefined || over.some((resync) => isGoneAfter(one, resync))) return [];
        const { version = 0, generation, attemptCount, failure } = state;
        return [[id, { version, state: state.state, generation, attemptCount, failure }] as const];
      }),
    );
  }

  async function write(ids: readonly string[], merchantId: string, more: Row = {}): Promise<void> {
    for (let from = 0; from < ids.length; from += 20)
      await Promise.all(ids.slice(from, from + 20).map((id) => pipeline.put(transactionRow(id, merchantId, more))));
  }

  const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const terminal = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) await pipeline.terminalRow(id);
  };
  /** Once events have told all that the table has. */
  const told = (what: string, all: ConfirmationEvent[], take: () => Promise<ConfirmationEvent[]>) =>
    waitFor(what, async () => {
      all.push(...(await take()));
      const seen = consumed(all, () => 1);
      const rowsNow = await table();
      return isSame(seen, rowsNow) ? rowsNow : undefined;
    });
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${pipeline.stack.endpoints.api}/v1/resyncs${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as { readonly jobId: string; readonly state: string; readonly counts: object };
  };

  describe("a service that is subscribed to events", () => {
    it(
      "has each transaction as the table has it, though it missed all that was told while it was down",
      async () => {
        const random = seededRandom(20);
        await pipeline.registerMerchant({ merchantId: "shop", confirmationUrl: pipeline.merchant.url("/shop") });
        const take = await subscribed("orders");
        const shop = idsOf("shop", rows);
        const bad = idsOf("bad", 10);
        await write(shop, "shop");
        await write(bad, "shop", { confirmationUrl: { S: "https://10.1.2.3/hook" } });
        await terminal([...shop, ...bad]);
        const before: ConfirmationEvent[] = [];
        const first = await told("all was told", before, take);
        expect(consumed(before, random)).toEqual(first);

        // Down: what is told meanwhile is gone.
        for (const id of shop.slice(0, 10)) await pipeline.update(id, "SET version = :two", { ":two": { N: "2" } });
        for (const id of shop.slice(10, 13))
          await pipeline.dynamodb.send(
            new DeleteItemCommand({ TableName: "Transactions", Key: { transactionId: { S: id } } }),
          );
        await write(idsOf("unheard", 10), "shop");
        await terminal([...shop.slice(0, 10), ...idsOf("unheard", 10)]);
        const missed: ConfirmationEvent[] = [];
        await told("all of that was told", [...before], async () => {
          const events = await take();
          missed.push(...events);
          return events;
        });
        expect(missed.length).toBeGreaterThan(20);

        // Up again: it asks for a resync, while others go on.
        const asked = await ask("POST", "", { reason: "orders was down", ratePerSecond: 200 });
        await write(idsOf("live", 20), "shop");
        for (const id of shop.slice(13, 20)) await pipeline.update(id, "SET version = :two", { ":two": { N: "2" } });
        await terminal([...idsOf("live", 20), ...shop.slice(13, 20)]);
        const since: ConfirmationEvent[] = [];
        await waitFor("the resync is over", async () => {
          since.push(...(await take()));
          return since.some(({ type }) => type === "resync.completed") ? true : undefined;
        });
        const heard = [...before, ...since];
        const rebuilt = await told("all was told once more", heard, take);
        expect(consumed(heard, random)).toEqual(rebuilt);

        // One that knew nothing at all, from what came since it asked.
        const anew = heard.slice(before.length);
        expect(consumed(anew, random)).toEqual(rebuilt);
        expect(
          new Set(anew.filter(({ type }) => type === "transaction.snapshot").map(({ subject }) => subject)).size,
        ).toBeGreaterThanOrEqual(rebuilt.size - 20);
        await waitFor("it is done", async () =>
          (await ask("GET", `/${asked.jobId}`)).state === "done" ? true : undefined,
        );
      },
      patienceMs(300_000),
    );

    it(
      "gets what its filter lets through, and of merchants what is the matter with them",
      async () => {
        const take = await subscribed("operators", { type: [{ prefix: "merchant." }], merchantId: ["gone"] });
        await pipeline.registerMerchant({ merchantId: "gone", confirmationUrl: pipeline.merchant.url("/gone") });
        pipeline.merchant.respond("/gone", () => 410);
        await write(["gone-1"], "gone");
        const events: ConfirmationEvent[] = [];
        await waitFor("its URL is told to be disabled", async () => {
          events.push(...(await take()));
          return events.some(({ type }) => type === "merchant.disabled") ? true : undefined;
        });
        expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set(["gone"]));
        expect(JSON.stringify(events)).not.toContain("127.0.0.1");
      },
      patienceMs(120_000),
    );
  });
}

function isSame(one: ReadonlyMap<string, Compared>, other: ReadonlyMap<string, Compared>): boolean {
  const textOf = (map: ReadonlyMap<string, Compared>) =>
    JSON.stringify([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return textOf(one) === textOf(other);
}
