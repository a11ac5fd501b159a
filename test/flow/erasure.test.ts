/**
 * A text of its own in every member of transactions that a caller can set, and in what merchants respond: imported,
 * delivered, refused, disabled, acknowledged, mailed, copied, given up, sent again and exported; then erased, and
 * looked for in every table, stream, queue, bucket, log, trace, event and answer of the stack. It is found where
 * docs/using/erasure.md says that it expires, and nowhere else; and the day is signed as before.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { writeStackFile } from "../../local/stack-file.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import { Everywhere, type Place } from "./everywhere.ts";
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { runAudit } from "./run-audit.ts";
import { waitFor } from "./wait-for.ts";

/** As it may stand in a label, an id and a URL. */
const SENTINEL = "sentinel-7f3a9c";
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const OCCURRED_AT = `${DAY}T10:00:00Z`;
const MAIL = "arn:aws:ses:eu-west-1:123456789012:identity/acme.example";

let pipeline: Pipeline;
let commandLine: CommandLine;
let everywhere: Everywhere;
let directory: string;

beforeAll(async () => {
  pipeline = await Pipeline.start({
    api: { audience: ["confirmations"] },
    events: { enabled: true, batchingWindowSeconds: 0, merchantWindowSeconds: 0 },
    retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
    logs: { debugSamplePercent: 100 },
    tracing: { share: 1 },
    channels: { kinds: ["email"], emailFrom: "pay@acme.example", emailIdentityArns: [MAIL], receiptWithinSeconds: 30 },
  });
  directory = await mkdtemp(join(tmpdir(), "erasure-"));
  writeStackFile(pipeline.stateDirectory, pipeline.stack);
  commandLine = commandLineOn(pipeline.stateDirectory);
  everywhere = new Everywhere(pipeline);
  await everywhere.subscribe();
  // Waits until the API takes tokens.
  await commandLine("merchants", "list");
}, patienceMs(120_000));
afterAll(async () => {
  await pipeline?.stop();
  await rm(directory, { recursive: true, force: true });
}, patienceMs(30_000));

async function merchant(merchantId: string, status: number, more: Row = {}): Promise<void> {
  pipeline.merchant.respond(`/${merchantId}`, () => ({ status, body: `of ${SENTINEL}` }));
  const confirmationUrl = { S: pipeline.merchant.url(`/${merchantId}`) };
  const Item = { merchantId: { S: merchantId }, confirmationUrl, ...more };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
}

async function mailed(merchantId: string): Promise<void> {
  const TableName = pipeline.stack.merchantsTable;
  const key = "template email paid";
  const content = { M: { subject: { S: "Paid: {{payload.note}}" }, text: { S: "{{payload.note}}" } } };
  for (const Item of [
    { merchantId: { S: `${key} en` }, content, digest: { S: "of-this-test" } },
    { merchantId: { S: key }, languages: { SS: ["en"] }, defaultLanguage: { S: "en" } },
  ])
    await pipeline.dynamodb.send(new PutItemCommand({ TableName, Item }));
  const [id, kind, to, template] = ["mail", "email", `${merchantId}@shop.example`, "paid"].map((S) => ({ S }));
  const channel = { M: { id, kind, to, template } } as Row[string];
  await merchant(merchantId, 200, { channels: { L: [channel] } });
}

const COLUMNS = [
  "transactionId",
  "merchantId",
  "outcome",
  "amount",
  "currency",
  "occurredAt",
  "confirmationUrl",
  "orderingKey",
  "orderingAfter",
  "deliverBy",
  "campaign",
  "payload",
];
const payload = `"{""note"":""${SENTINEL}"",""${SENTINEL}"":[""x ${SENTINEL} y""]}"`;

interface More {
  readonly url?: string;
  /** What nobody needs an order for has none, as it would wait for others of its key. */
  readonly isOrdered?: boolean;
  readonly deliverBy?: string;
}

/** Of the file. */
function line(id: string, merchantId: string, { url = "", isOrdered = false, deliverBy = "" }: More = {}): string {
  const order = isOrdered ? [SENTINEL, `${SENTINEL}-before`] : ["", ""];
  const plain = [id, merchantId, "APPROVED", "12.50", "EUR", OCCURRED_AT, url];
  return [...plain, ...order, deliverBy, SENTINEL, payload].join(",");
}

async function responsesOf(ids: readonly string[]): Promise<readonly Place[]> {
  const commands = [
    ...ids.map((id) => ["get", id]),
    ["list", "--merchant", "well", "--from", `${DAY}T00:00:00Z`],
    ["merchants", "health", "well"],
    ["audit-log"],
    ["redeliveries", "list"],
    ["imports", "list"],
    ["exports", "list"],
    ["export", "--merchant", "well", "--from", `${DAY}T00:00:00Z`, "--format", "jsonl"],
  ];
  const places: Place[] = [];
  for (const args of commands) {
    const json = args[0] === "export" ? [] : ["--json"];
    const { stdout } = await commandLine(...args, ...json);
    places.push({ where: `answer to ${args[0]}`, text: stdout });
  }
  return places;
}

const holding = (places: readonly Place[]): readonly Place[] => places.filter(({ text }) => text.includes(SENTINEL));
const wheres = (places: readonly Place[]): readonly string[] =>
  [...new Set(places.map(({ where }) => where))].toSorted();

const manifests = () => runAudit(pipeline.stack, { audit: "manifests", day: DAY });

describe("what is personal", () => {
  it(
    "is found nowhere once it was erased but where it expires, and the day is signed as before",
    async () => {
      await merchant("well", 200);
      await merchant("ill", 500);
      await merchant("late", 202, { acknowledgement: { M: { withinSeconds: { N: "600" } } } });
      await mailed("mailed");
      await listenedTo("copied");
      const gone = `/gone/${SENTINEL}?of=${SENTINEL}`;
      pipeline.merchant.respond(gone, () => ({ status: 410, body: SENTINEL }));

      // Until then it waits for its address, which is disabled.
      const soon = new Date(Date.now() + patienceMs(20_000)).toISOString();
      const file = join(directory, "november.csv");
      const lines = [
        line("e-well", "well"),
        line("e-again", "well"),
        line("e-ordered", "well", { isOrdered: true }),
        line("e-gone", "well", { url: pipeline.merchant.url(gone), deliverBy: soon }),
        line("e-ill", "ill"),
        line("e-late", "late"),
        line("e-mailed", "mailed"),
        // No manifest of the day has what is of the sandbox alone.
        line("e-copied", "copied").replace(OCCURRED_AT, new Date().toISOString()),
        line("e-rejected", "well").replace("12.50", SENTINEL),
      ];
      await writeFile(file, [COLUMNS.join(","), ...lines].join("\n"));
      const imported = await commandLine("import", file, "--json").catch(
        (error: unknown) => error as { stdout: string },
      );
      expect(JSON.parse(imported.stdout)).toMatchObject({ counts: { accepted: 8, rejected: 1 } });
      // What no API takes: a producer may write anything to the table.
      const wild = { amount: { S: SENTINEL }, [SENTINEL]: { S: SENTINEL }, note: { L: [{ S: SENTINEL }] } };
      await pipeline.put(transactionRow("e-wild", "well", { occurredAt: { S: OCCURRED_AT }, ...wild }));

      const ids = ["well", "again", "ordered", "gone", "ill", "mailed", "wild", "late", "copied"].map(
        (name) => `e-${name}`,
      );
      await waitFor("one waits for its acknowledgement", async () =>
        (await pipeline.row("e-late"))["waitingFor"]?.S === "acknowledgement" ? true : undefined,
      );
      const refused = await commandLine("erase", "e-late", "--why", "case 4711", "--yes").catch(
        (error: unknown) => error as { stdout: string },
      );
      expect(refused.stdout).toMatch(/e-late +refused +acknowledgement_pending/);
      await acknowledge("e-late");
      for (const id of ids) await pipeline.terminalRow(id, patienceMs(120_000));
      await commandLine("redeliver", "e-again", "--why", "lost there", "--wait");
      await commandLine("export", "--merchant", "well", "--from", `${DAY}T00:00:00Z`);
      // The stream lists them under their merchants, be it after those have them.
      await waitFor("all are listed", async () => {
        const rows = await pipeline.rows();
        return rows.every(({ merchantKey }) => merchantKey !== undefined) ? true : undefined;
      });
      expect(await manifests()).toMatchObject({ transactions: 8, unsettled: 0 });

      const before = await waitFor("it is copied", async () => {
        const now = wheres(holding(await everywhere.places()));
        return now.includes("table Jobs") ? now : undefined;
      });
      const places = ["stream of Transactions", "table MerchantGates", "table Transactions"];
      expect(before).toEqual(expect.arrayContaining(places));
      const called = pipeline.merchant.deliveries.length;
      const idsFile = join(directory, "ids.txt");
      await writeFile(idsFile, `${ids.join("\n")}\n`);
      const args = ["erase", "--file", idsFile, "--why", "case 4711"];
      expect((await commandLine(...args)).stdout).toBe(
        "9 would erase. Nothing is erased yet. If that is right: --yes\n",
      );
      expect((await commandLine(...args, "--yes")).stdout).toBe("9 erased.\n");
      expect((await commandLine(...args, "--yes")).stdout).toBe("9 already erased.\n");

      await waitFor("events tell of all", async () => {
        const told = (await everywhere.events()).map((text) => JSON.parse(text) as { type: string; subject: string });
        const erasures = told.filter(({ type }) => type === "transaction.erased");
        const erased = new Set(erasures.map(({ subject }) => subject));
        return ids.every((id) => erased.has(id)) ? true : undefined;
      });
      await writeOnceMore(file);

      const found = holding(await everywhere.places());
      const expected = [
        "bucket of exports",
        "bucket of results",
        "bucket of uploads",
        "queue confirmations-dl.fifo",
        "stream of MerchantGates",
        "stream of Transactions",
        "table Jobs",
      ];
      const atTimes = /^(?:log |bucket of work$|queue receipts)/;
      expect(wheres(found).filter((where) => !atTimes.test(where))).toEqual(expected);
      // Copies expire, as the row says.
      for (const { text } of found.filter(({ where }) => where === "table Jobs"))
        expect(text).toMatch(/"purgeAt":{"N":"\d+"}/);
      const letters = found.filter(({ where }) => where.startsWith("queue "));
      expect(letters.map(({ text }) => /\\"transactionId\\":\\"([^\\]+)/.exec(text)?.[1])).toEqual(["e-wild"]);
      // Each says why a row that nobody can read was quarantined, which address was disabled, without its query, or,
      // step by step, what a merchant responded.
      for (const { text } of found.filter(({ where }) => where.startsWith("log "))) {
        expect(text).toMatch(/"e-wild"|"message":"url disabled"|"level":"DEBUG","message":"called"/);
        expect(text).not.toContain(`of=${SENTINEL}`);
      }
      expect(holding(await responsesOf(ids))).toEqual([]);

      expect(await manifests()).toMatchObject({ written: 0, transactions: 8, unsettled: 0 });
      for (const merchantId of ["well", "ill"]) {
        const got = join(directory, merchantId);
        const [manifest = ""] = (await commandLine("manifest", "get", merchantId, DAY, "--to", got)).stdout.split("\n");
        expect((await commandLine("manifest", "verify", manifest)).stdout).toMatch(/^Right: /);
      }

      // Nothing of it is sent again, by a job or as a dead letter.
      const again = await commandLine.json<{ counts: object }>("redeliver", "e-well", "e-ill", "--wait");
      expect(again.counts).toMatchObject({ sent: 0, skippedBy: { past_mending: 2 } });
      await putBackDeadLetters();
      expect(await pipeline.row("e-ill")).toMatchObject({ confirmationState: { S: "FAILED" } });
      expect(pipeline.merchant.deliveries.length).toBe(called);
    },
    patienceMs(300_000),
  );
});

/** One of the sandbox, with a listener for as long as this takes: what it is sent is copied. */
async function listenedTo(merchantId: string): Promise<void> {
  const listeners = { M: { laptop: { N: String(Date.now() + patienceMs(3_600_000)) } } };
  await merchant(merchantId, 200, { environment: { S: "sandbox" }, listeners });
}

/** The same file, and the same version as a producer puts it: the text that comes with it goes again. */
async function writeOnceMore(file: string): Promise<void> {
  const again = await commandLine("import", file, "--json").catch((error: unknown) => error as { stdout: string });
  expect(JSON.parse(again.stdout)).toMatchObject({ counts: { rejected: 1 } });
  const row = await pipeline.row("e-well");
  const payloadAgain = { M: { note: { S: SENTINEL } } };
  await pipeline.put(transactionRow("e-well", "well", { occurredAt: { S: OCCURRED_AT }, payload: payloadAgain }));
  const left = await waitFor("it is erased again", async () => {
    const now = await pipeline.row("e-well");
    return now["payload"] === undefined && now["merchantKey"] !== undefined ? now : undefined;
  });
  expect(left).toEqual(row);
}

async function acknowledge(id: string): Promise<void> {
  const token = (await commandLine("token")).stdout.trim();
  const response = await fetch(`${pipeline.stack.endpoints.api}/v1/transactions/${id}/acknowledgement`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"version":1}',
  });
  expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ state: "CONFIRMED" })]);
}

/** As an operator does; each is dropped by whoever gets it. */
async function putBackDeadLetters(): Promise<void> {
  let number = 0;
  const QueueUrl = pipeline.stack.deadLetterQueueUrl;
  const look = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  const { Messages = [] } = await pipeline.sqs.send(new ReceiveMessageCommand(look));
  const bodies = new Set(Messages.flatMap(({ Body }) => Body ?? []));
  expect(bodies.size).toBeGreaterThan(0);
  for (const body of bodies) await pipeline.send(body, `put-back-${(number += 1)}`, `put-back-${number}`);
  await pipeline.queueIsEmpty();
}
