/**
 * The table of health rows in memory, which most tests rest on, against DynamoDB Local: random steps, the same answers
 * and health rows.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { MerchantHealthTable } from "../../../../core/aws/merchant-health-table.ts";
import { MerchantsAndHealth } from "../../../../core/aws/merchants-and-health.ts";
import { noteWaiting } from "../../../../core/aws/note-waiting.ts";
import { waitingMerchants } from "../../../../core/aws/waiting-merchants.ts";
import { MERCHANT_HEALTH_ATTRIBUTES, HEALTHY } from "../../../../core/merchant/merchant-health.ts";
import { WAITING_INDEX } from "../../../../core/settings/names.ts";
import { type CommandLine, commandLinesOf } from "../../../docs/command-lines.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { merchantRow, text } from "../../../support/rows.ts";

const TABLE = "MerchantGates";

type Steps = Pick<MerchantHealthTable, keyof MerchantHealthTable>;
type Step = (healthTable: Steps, merchantId: string) => Promise<unknown>;

const time = fc.constantFrom(1, 2, 3);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.option(time, { nil: undefined }), time).map(
    ([seen, until]): Step =>
      (healthTable, id) =>
        healthTable.openCircuit(id, seen, until, 1),
  ),
  fc.tuple(time, time).map(
    ([seen, until]): Step =>
      (healthTable, id) =>
        healthTable.claimProbe(id, seen, until),
  ),
  time.map(
    (seen): Step =>
      (healthTable, id) =>
        healthTable.closeCircuit(id, seen, 5),
  ),
  fc.constantFrom("https://a.example/", "https://b.example/").map(
    (url): Step =>
      (healthTable, id) =>
        healthTable.disable(id, url),
  ),
  fc.tuple(fc.boolean(), time).map(
    ([isTurnedAway, now]): Step =>
      (healthTable, id) =>
        healthTable.markWaiting(id, isTurnedAway, now),
  ),
  time.map(
    (seen): Step =>
      (healthTable, id) =>
        healthTable.unmarkWaiting(id, seen),
  ),
  fc.tuple(fc.constantFrom(0, 5, 6), time).map(
    ([seen, rate]): Step =>
      (healthTable, id) =>
        healthTable.noteRequeueRate(id, seen, rate, 6),
  ),
  fc.tuple(fc.oneof(time, fc.constant(50_000)), time).map(
    ([slot, count]): Step =>
      (healthTable, id) =>
        healthTable.takeTokens(id, slot, count, 4),
  ),
);

function healthLines(page: string): CommandLine[] {
  const markdown = readFileSync(join(import.meta.dirname, "../../../..", page), "utf8");
  return commandLinesOf(markdown).filter(({ options }) => options["--table-name"] === TABLE);
}

/** What the AWS CLI makes of the line. @returns the rows that a scan finds */
async function carryOut(client: DynamoDBClient, { command, options }: CommandLine): Promise<unknown[] | undefined> {
  const { "--table-name": TableName, "--index-name": IndexName, "--key": key = "{}", ...rest } = options;
  const json = (value: string) => JSON.parse(value) as Record<string, AttributeValue>;
  if (command === "dynamodb scan") {
    const ProjectionExpression = rest["--projection-expression"];
    return (await client.send(new ScanCommand({ TableName, IndexName, ProjectionExpression }))).Items;
  }
  expect(command).toBe("dynamodb update-item");
  const values = rest["--expression-attribute-values"];
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: json(key),
      UpdateExpression: rest["--update-expression"],
      ...(values !== undefined && { ExpressionAttributeValues: json(values) }),
    }),
  );
  return undefined;
}

export function describeMerchantHealthTable(started: () => DynamoDbLocal): void {
  let healthTable: MerchantHealthTable;
  beforeAll(async () => {
    const { client } = started();
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "merchantId", AttributeType: "S" },
          { AttributeName: "waitingKey", AttributeType: "S" },
        ],
        KeySchema: [{ AttributeName: "merchantId", KeyType: "HASH" }],
        GlobalSecondaryIndexes: [
          {
            IndexName: WAITING_INDEX,
            KeySchema: [{ AttributeName: "waitingKey", KeyType: "HASH" }],
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: [...MERCHANT_HEALTH_ATTRIBUTES] },
          },
        ],
      }),
    );
    healthTable = new MerchantHealthTable(client, TABLE);
  });

  describe("merchants and health rows together", () => {
    it("are read in one call, of each table what was asked for", async () => {
      const { client } = started();
      await client.send(
        new CreateTableCommand({
          TableName: "Merchants",
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "merchantId", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "merchantId", KeyType: "HASH" }],
        }),
      );
      for (const merchantId of ["both-1", "both-2"])
        await client.send(
          new PutItemCommand({ TableName: "Merchants", Item: merchantRow({ merchantId: text(merchantId) }) as never }),
        );
      await healthTable.disable("both-1", "https://merchant.example/in");
      const together = new MerchantsAndHealth(client, { merchants: "Merchants", health: TABLE });

      const found = await together.read(["both-1", "both-3"], ["both-1", "both-2"]);
      expect([...found.merchants.rows]).toEqual([["both-1", merchantRow({ merchantId: text("both-1") })]]);
      expect([...found.health.healthRows]).toEqual([
        ["both-1", { ...HEALTHY, disabledUrls: ["https://merchant.example/in"] }],
      ]);
      expect([found.merchants.unread.size, found.health.unread.size]).toEqual([0, 0]);

      expect([...(await together.read(["both-2"], [])).merchants.rows.keys()]).toEqual(["both-2"]);
      expect([...(await together.read([], ["both-1"])).health.healthRows.keys()]).toEqual(["both-1"]);
    });
  });

  describe("the table of health rows", () => {
    it("does in memory what DynamoDB does", async () => {
      let run = 0;
      const responses = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (played) => {
          const memory = new MemoryMerchantHealth();
          const id = `m-${(run += 1)}`;
          for (const step of played) {
            const [got, expected] = [await step(memory, id), await step(healthTable, id)];
            expect(got).toEqual(expected);
            responses.add(String(got));
          }
          const { healthRows: found } = await healthTable.read([id]);
          const health = found.get(id) ?? HEALTHY;
          expect({ ...memory.health(id), disabledUrls: [...memory.health(id).disabledUrls].toSorted() }).toEqual({
            ...health,
            disabledUrls: [...health.disabledUrls].toSorted(),
          });
          const waiting = (await waitingMerchants(started().client, TABLE)).get(id);
          expect(waiting).toEqual((await memory.waiting()).has(id) ? health : undefined);
        }),
        { numRuns: 60 },
      );
      expect([...responses]).toEqual(expect.arrayContaining(["true", "false", "undefined"]));
    });

    it("has noted what waits, though that note was lost with the row", async () => {
      const { client } = started();
      expect(await noteWaiting(client, TABLE, "lost", 7)).toBe(true);
      expect(await noteWaiting(client, TABLE, "lost", 8)).toBe(false);
      expect((await waitingMerchants(client, TABLE)).get("lost")).toMatchObject({ waitingAt: 7 });
    });

    it("is changed by the runbook's lines of the AWS CLI as they say", async () => {
      const lines = healthLines("docs/runbook.md");
      const states: unknown[] = [];
      await healthTable.disable("my-shop", "https://my-shop.example/in");
      await healthTable.disable("my-shop", "https://my-shop.example/other");
      await healthTable.markWaiting("my-shop", true, 5);
      await healthTable.openCircuit("my-shop", undefined, 9, 2);
      for (const line of lines) {
        const found = await carryOut(started().client, line);
        if (found !== undefined) states.push(found);
        else states.push((await healthTable.read(["my-shop"])).healthRows.get("my-shop"));
      }
      const waiting = { circuitOpenUntil: 9, circuitTrips: 2, waitingAt: 5, turnedAwayAt: 5, releasedAt: 0 };
      const other = "https://my-shop.example/other";
      const closedCircuit = { ...HEALTHY, waitingAt: 5, turnedAwayAt: 5 };
      expect(states).toEqual([
        { ...waiting, pausedAt: 1_795_341_600_000, disabledUrls: ["https://my-shop.example/in", other] },
        { ...waiting, disabledUrls: ["https://my-shop.example/in", other] },
        { ...waiting, disabledUrls: [other] },
        { ...waiting, disabledUrls: [] },
        expect.arrayContaining([
          {
            merchantId: { S: "my-shop" },
            circuitOpenUntil: { N: "9" },
            circuitTrips: { N: "2" },
            turnedAwayAt: { N: "5" },
          },
        ]),
        closedCircuit,
      ]);
    });

    it("is changed by the lines for users as by the runbook's", () => {
      const known = healthLines("docs/runbook.md").map((line) => JSON.stringify(line));
      const lines = healthLines("docs/using/pause.md");
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(known).toContain(JSON.stringify(line));
    });

    it("keeps no more disabled URLs of a merchant than it can hold", async () => {
      for (let index = 0; index < 50; index += 1) await healthTable.disable("many", `https://m.example/${index}`);
      expect(await healthTable.disable("many", "https://m.example/one-more")).toBe(false);
      expect(await healthTable.disable("many", "https://m.example/7")).toBe(true);
    });
  });
}
