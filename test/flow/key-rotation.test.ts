/** A merchant's keys are rotated while transactions are confirmed: by the command, with the published keys, as the merchant sees it. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { rotationUpdate } from "../../core/key-rotation.ts";
import { parseMerchant } from "../../core/merchant.ts";
import { writeStackFile } from "../../local/stack-file.ts";
import { keysFrom, verifyWebhook } from "../../verifier/verify-webhook.mjs";
import type { Delivery } from "./merchant-server.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const COMMAND = join(import.meta.dirname, "../../local/merchant.ts");
const run = promisify(execFile);

let pipeline: Pipeline;
let noted: string;

beforeAll(async () => {
  pipeline = await Pipeline.start({ dueShards: 2, worker: { stopTimeoutSeconds: 10 } });
  noted = await mkdtemp(join(tmpdir(), "confirmation-pipeline-note-"));
  writeStackFile(noted, pipeline.stack);
}, 60_000);

afterAll(async () => {
  await pipeline?.stop();
  if (noted !== undefined) await rm(noted, { recursive: true, force: true });
}, 30_000);

/** @returns what `npm run merchant` prints, by name; those of the key before are indented */
async function command(...args: string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(process.execPath, [COMMAND, ...args, "--state", noted]);
  const lines = stdout.trimEnd().split("\n");
  return new Map(lines.map((line) => [line.slice(0, 13).trimEnd(), line.slice(13)]));
}

async function deliver(transactionId: string): Promise<Delivery> {
  await pipeline.put(transactionRow(transactionId, "acme"));
  await pipeline.settled(transactionId);
  const delivery = pipeline.merchant.to("/acme").find(({ body }) => body.includes(`"${transactionId}"`));
  if (delivery === undefined) throw new Error(`${transactionId} was not delivered`);
  return delivery;
}

const verifyV1 = ({ body, headers }: Delivery, secret: string | undefined) =>
  new Webhook(secret ?? "").verify(body, headers as Record<string, string>);

describe("a rotation", () => {
  it("reaches the merchant without one webhook that it could not verify", async () => {
    const before = await command("acme", "--url", pipeline.merchant.url("/acme"));
    const first = await deliver("r-0");
    expect(first.headers["webhook-signature"]).toMatch(/^v1,\S+ v1a,\S+$/);
    verifyV1(first, before.get("secret"));
    await verifyWebhook({ ...first, keys: before.get("public key") ?? "" });

    const Key = { merchantId: { S: "acme" } };
    const TableName = pipeline.stack.merchantsTable;
    const { Item: stale = {} } = await pipeline.dynamodb.send(new GetItemCommand({ TableName, Key }));
    const after = await command("acme", "--rotate");
    const hoursLeft = (Date.parse(/until (\S+)$/.exec(after.get("overlap") ?? "")?.[1] ?? "") - Date.now()) / 3_600_000;
    expect(Math.round(hoursLeft)).toBe(24);
    expect(after.get("secret")).not.toBe(before.get("secret"));
    expect([after.get("  secret"), after.get("  public key")]).toEqual([
      before.get("secret"),
      before.get("public key"),
    ]);

    let nth = 0;
    const both = await waitFor("both keys sign", async () => {
      const delivery = await deliver(`r-${(nth += 1)}`);
      verifyV1(delivery, before.get("secret"));
      return String(delivery.headers["webhook-signature"]).split(" ").length === 4 ? delivery : undefined;
    });
    verifyV1(both, after.get("secret"));
    await verifyWebhook({ ...both, keys: before.get("public key") ?? "" });
    await verifyWebhook({ ...both, keys: after.get("public key") ?? "" });

    const published = after.get("key set") ?? "";
    const { keys } = (await (await fetch(published)).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toEqual([after.get("key id"), before.get("key id")]);
    expect(await verifyWebhook({ ...both, keys: keysFrom(published) })).toMatchObject({ scheme: "v1a" });

    await expect(command("acme", "--rotate")).rejects.toThrow(/was rotated before, and the key before signs too until/);
    const parsed = parseMerchant(stale);
    if ("faults" in parsed) throw new Error(parsed.faults.join());
    const second = rotationUpdate(stale, parsed.merchant, { salt: "c2Vjb25k", keyVersion: "1", now: 0, overlapMs: 1 });
    await expect(pipeline.dynamodb.send(new UpdateItemCommand({ TableName, Key, ...second }))).rejects.toThrow(
      /conditional request failed/,
    );
    expect((await command("acme")).get("key id")).toBe(after.get("key id"));
  }, 60_000);

  it("leaves nothing of the old key when no overlap is wanted", async () => {
    const before = await command("leaked", "--url", pipeline.merchant.url("/leaked"));
    const after = await command("leaked", "--rotate", "--overlap-hours", "0");
    expect(after.get("public key")).not.toBe(before.get("public key"));
    expect(after.has("overlap")).toBe(false);
    const { keys } = (await (await fetch(after.get("key set") ?? "")).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toEqual([after.get("key id")]);
  });
});

describe("the key set of nobody", () => {
  it("is not found, and says so without telling more", async () => {
    const response = await fetch(`${pipeline.stack.endpoints.api}/merchants/nobody/jwks.json`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "KEYS_MERCHANT_UNKNOWN" } });
  });
});
