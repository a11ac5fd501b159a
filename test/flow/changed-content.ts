/** What a producer writes anew under a version that was delivered already: on the whole stack, with its manifests. */
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { commandLineOn } from "./command-line.ts";
import { firstAuditsOver } from "./first-audits.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

const [MERCHANT, OTHER] = ["of-content", "of-other-content"];
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

let pipeline: Pipeline;
let directory: string;

interface RunStatus {
  readonly runId: string;
  readonly finishedAt?: number;
}

const invoke = (event: object) => pipeline.stack.invoke("audit-transactions", event);
const audits = async () => (await invoke({ audit: "status" })) as readonly (RunStatus | null)[];
const row = (id: string, more: Row = {}): Row =>
  transactionRow(id, MERCHANT, { occurredAt: { S: `${DAY}T10:00:00Z` }, ...more });
const other: Row = { outcome: { S: "REJECTED" }, amount: { S: "99.00" } };
const callsFor = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`));
const acceptedOf = ({ accepted }: Row): Record<string, unknown> =>
  Object.fromEntries(Object.entries(accepted?.M ?? {}).map(([name, value]) => [name, value.S ?? value.N]));
const FIRST = { version: "1", merchantId: MERCHANT, outcome: "APPROVED", amount: "12.50", currency: "EUR" };

/** The row once it was given up for its content. */
async function givenUp(id: string): Promise<Row> {
  return waitFor(`${id} is given up for its content`, async () => {
    const found = await pipeline.row(id);
    return found["failure"]?.M?.["code"]?.S === "content_changed" ? found : undefined;
  });
}

async function linesOf(merchantId: string): Promise<Readonly<Record<string, unknown>>[]> {
  const to = join(directory, "got");
  const commandLine = commandLineOn(pipeline.stateDirectory);
  const got = (await commandLine("manifest", "get", merchantId, DAY, "--to", to)).stdout;
  const files = got.trim().split("\n");
  await commandLine("manifest", "verify", ...files);
  const folder = dirname(files[0] ?? "");
  const newest = readFileSync(files.at(-1) ?? "", "utf8").split("\n")[0] ?? "{}";
  const { files: named } = JSON.parse(newest) as { files: { name: string }[] };
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(named.map(({ name }) => name)));
  return named.flatMap(({ name }) =>
    readFileSync(join(folder, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}

export function changedContent(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    directory = await mkdtemp(join(tmpdir(), "confirmation-pipeline-content-"));
    await firstAuditsOver(pipeline);
    for (const merchantId of [MERCHANT, OTHER])
      await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  }, patienceMs(90_000));
  afterAll(async () => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  describe("a version that was confirmed and is put again with other content", () => {
    it.each<[string, Row]>([
      ["same-1", other],
      ["same-2", { merchantId: { S: OTHER } }],
      ["same-3", { payload: { M: { order: { S: "another" } } } }],
    ])(
      "is given up, and only what was accepted counts: %s",
      async (id, changes) => {
        await pipeline.put(row(id, { payload: { M: { order: { S: "one" } } } }));
        expect(await pipeline.terminalRow(id)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });

        await pipeline.put(row(id, { payload: { M: { order: { S: "one" } } }, ...changes }));

        const found = await givenUp(id);
        expect(found).toMatchObject({
          ...changes,
          confirmationState: { S: "FAILED" },
          failure: { M: { fault: { S: "producer" } } },
        });
        expect(acceptedOf(found)).toMatchObject(FIRST);
        expect(await pipeline.deadLetter(id)).toMatchObject({ failure: { code: "content_changed" } });
        expect(callsFor(id)).toHaveLength(1);
      },
      patienceMs(30_000),
    );

    it(
      "is listed in the manifest of the merchant that accepted it, as it did",
      async () => {
        const { runId } = (await invoke({ audit: "manifests", day: DAY })) as RunStatus;
        await waitFor(
          "the manifests are written",
          async () => (await audits()).find((one) => one?.runId === runId)?.finishedAt,
        );
        const lines = await linesOf(MERCHANT);
        expect(lines.map(({ transactionId }) => String(transactionId)).toSorted()).toEqual([
          "same-1",
          "same-2",
          "same-3",
        ]);
        for (const line of lines)
          expect(line).toMatchObject({ state: "FAILED", outcome: "APPROVED", amount: "12.50", currency: "EUR" });
      },
      patienceMs(60_000),
    );

    it(
      "is not sent when its dead letter is put back, and a higher version is",
      async () => {
        const letter = { schema: 1, transactionId: "same-1", version: 1, release: 0, deadLettered: true };
        await pipeline.send(JSON.stringify(letter), "same-1", "put-back");
        expect(await pipeline.deadLetter("same-1")).toMatchObject({ failure: { code: "content_changed" } });
        expect(callsFor("same-1")).toHaveLength(1);

        await pipeline.put(row("same-1", { ...other, version: { N: "2" } }));
        const terminal = await pipeline.terminalRow("same-1");
        expect(terminal).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
        expect(acceptedOf(terminal)).toMatchObject({ version: "2", outcome: "REJECTED", amount: "99.00" });
      },
      patienceMs(30_000),
    );
  });

  it(
    "a version that is put again while its merchant is called is given up with what that accepted",
    async () => {
      let respond: (status: number) => void = () => undefined;
      pipeline.merchant.respond("/slow", () => new Promise<number>((resolve) => (respond = resolve)));
      const url = { confirmationUrl: { S: pipeline.merchant.url("/slow") } };
      await pipeline.put(row("flying", url));
      await waitFor("the merchant is called", async () => (callsFor("flying").length > 0 ? true : undefined));

      await pipeline.put(row("flying", { ...url, ...other }));
      respond(200);

      const found = await givenUp("flying");
      expect(acceptedOf(found)).toMatchObject(FIRST);
      expect(callsFor("flying")).toHaveLength(1);
    },
    patienceMs(30_000),
  );

  it(
    "a version whose first attempt failed is not sent with other content",
    async () => {
      pipeline.merchant.respond("/down", () => 503);
      const url = { confirmationUrl: { S: pipeline.merchant.url("/down") } };
      await pipeline.put(row("tried", url));
      await waitFor("it was tried", async () =>
        (await pipeline.row("tried"))["accepted"] === undefined ? undefined : true,
      );

      await pipeline.put(row("tried", { ...url, ...other }));

      expect(acceptedOf(await givenUp("tried"))).toMatchObject(FIRST);
      const bodies = callsFor("tried").map(
        ({ body }) => (JSON.parse(body) as { data: { amount: string } }).data.amount,
      );
      expect(new Set(bodies)).toEqual(new Set(["12.50"]));
    },
    patienceMs(30_000),
  );

  it(
    "an identical put, another spelling, other attributes and an erasure change nothing",
    async () => {
      const payload = { M: { name: { S: "Ada" }, lines: { SS: ["b", "a"] }, total: { N: "12.50" } } };
      const first = row("well", { payload });
      await pipeline.put(first);
      await pipeline.terminalRow("well");
      const reworded = { M: { total: { N: "12.5" }, lines: { SS: ["a", "b"] }, name: { S: "Ada" } } };
      for (const again of [
        first,
        { ...first, payload: reworded, amount: { S: "12.5" } },
        { ...first, note: { S: "x" } },
      ]) {
        await pipeline.put(again);
        expect(await pipeline.terminalRow("well")).toMatchObject({
          confirmationState: { S: "CONFIRMED" },
          amount: again["amount"],
        });
      }
      await pipeline.update("well", "SET erasedAt = :now REMOVE payload", { ":now": { N: "1" } });
      // What this put wipes is restored, by which time the erasure before it was looked at.
      await pipeline.put(row("well", { erasedAt: { N: "1" } }));
      expect(await pipeline.terminalRow("well")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(callsFor("well")).toHaveLength(1);
    },
    patienceMs(30_000),
  );
}
