/**
 * A merchant's keys are rotated while transactions are confirmed: by the command, with the published keys, as the
 * merchant sees it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { rotationUpdate } from "../../core/signing/key-rotation.ts";
import { parseMerchant } from "../../core/merchant/merchant.ts";
import { writeStackFile } from "../../local/stack-file.ts";
import { keysFrom, verifyWebhook } from "../../verifier/verify-webhook.mjs";
import type { Delivery } from "./merchant-server.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

const COMMAND = join(import.meta.dirname, "../../local/merchant.ts");
const run = promisify(execFile);

let pipeline: Pipeline;
let noted: string;

beforeAll(async () => {
  pipeline = await Pipeline.start({ dueShards: 2, worker: { stopTimeoutSeconds: 10 } });
  noted = await mkdtemp(join(tmpdir(), "confirmation-pipeline-note-"));
  writeStackFile(noted, pipeline.stack);
}, patienceMs(60_000));

afterAll(async () => {
  await pipeline?.stop();
  if (noted !== undefined) await rm(noted, { recursive: true, force: true });
}, patienceMs(30_000));

/** @returns what `npm run merchant` prints, by name; those of the key before are indented */
async function command(...args: string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(process.execPath, [COMMAND, ...args, "--show-secret", "--state", noted]);
  const lines = stdout.trimEnd().split("\n");
  return new Map(lines.map((line) => [line.slice(0, 13).trimEnd(), line.slice(13)]));
}

async function deliver(transactionId: string, merchantId = "acme"): Promise<Delivery> {
  await pipeline.put(transactionRow(transactionId, merchantId));
  await pipeline.terminalRow(transactionId);
  const delivery = pipeline.merchant.to(`/${merchantId}`).find(({ body }) => body.includes(`"${transactionId}"`));
  if (delivery === undefined) throw new Error(`${transactionId} was not delivered`);
  return delivery;
}

const verifyV1 = ({ body, headers }: Delivery, secret: string | undefined) =>
  new Webhook(secret ?? "").verify(body, headers as Record<string, string>);

describe("a rotation", () => {
  it(
    "reaches the merchant without one webhook that it could not verify",
    async () => {
      const before = await command("acme", "--url", pipeline.merchant.url("/acme"));
      const first = await deliver("r-0");
      expect(first.headers["webhook-signature"]).toMatch(/^v1,\S+ v1a,\S+$/);
      verifyV1(first, before.get("secret"));
      await verifyWebhook({ ...first, keys: before.get("public key") ?? "" });

      const Key = { merchantId: { S: "acme" } };
      const TableName = pipeline.stack.merchantsTable;
      const { Item: stale = {} } = await pipeline.dynamodb.send(new GetItemCommand({ TableName, Key }));
      const after = await command("acme", "--rotate");
      const hoursLeft =
        (Date.parse(/until (\S+)$/.exec(after.get("overlap") ?? "")?.[1] ?? "") - Date.now()) / 3_600_000;
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

      await expect(command("acme", "--rotate")).rejects.toThrow(
        /was rotated before, and the key before signs too until/,
      );
      const parsed = parseMerchant(stale);
      if ("faults" in parsed) throw new Error(parsed.faults.join());
      const second = rotationUpdate(stale, parsed.merchant, {
        salt: "c2Vjb25k",
        keyVersion: "1",
        now: 0,
        overlapMs: 1,
      });
      await expect(pipeline.dynamodb.send(new UpdateItemCommand({ TableName, Key, ...second }))).rejects.toThrow(
        /conditional request failed/,
      );
      expect((await command("acme")).get("key id")).toBe(after.get("key id"));
    },
    patienceMs(60_000),
  );

  it("leaves nothing of the old key when no overlap is wanted", async () => {
    const before = await command("leaked", "--url", pipeline.merchant.url("/leaked"));
    const after = await command("leaked", "--rotate", "--overlap-hours", "0");
    expect(after.get("public key")).not.toBe(before.get("public key"));
    expect(after.has("overlap")).toBe(false);
    const { keys } = (await (await fetch(after.get("key set") ?? "")).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toEqual([after.get("key id")]);
  });
});

describe("a secret that a merchant brings along", () => {
  const own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  const rowOf = async (merchantId: string) => {
    const { Item = {} } = await pipeline.dynamodb.send(
      new GetItemCommand({ TableName: pipeline.stack.merchantsTable, Key: { merchantId: { S: merchantId } } }),
    );
    return Item;
  };

  it("signs from the first webhook on when it is registered with it, and lies in no table in plain text", async () => {
    const reported = await command("brought", "--url", pipeline.merchant.url("/brought"), "--secret", own);
    expect([reported.get("secret"), reported.has("overlap")]).toEqual([own, false]);
    verifyV1(await deliver("i-0", "brought"), own);
    const row = await rowOf("brought");
    expect(row["encryptedSecret"]?.B).toBeInstanceOf(Uint8Array);
    expect(row["secret"]).toBeUndefined();
    expect(Buffer.from(row["encryptedSecret"]?.B ?? []).includes(own.slice("whsec_".length))).toBe(false);
  });

  it("takes the place of the one before, which signs too for a while, and of a plain one", async () => {
    await pipeline.registerMerchant({
      merchantId: "plain",
      confirmationUrl: pipeline.merchant.url("/plain"),
      secret: own,
    });
    verifyV1(await deliver("i-1", "plain"), own);
    const reported = await command("plain", "--secret", other);
    expect([reported.get("secret"), reported.get("  secret")]).toEqual([other, own]);
    let nth = 0;
    const both = await waitFor("both secrets sign", async () => {
      const delivery = await deliver(`i-1-${(nth += 1)}`, "plain");
      verifyV1(delivery, own);
      return String(delivery.headers["webhook-signature"]).split(" ").length > 2 ? delivery : undefined;
    });
    verifyV1(both, other);
    const row = await rowOf("plain");
    expect(
      Object.keys(row)
        .filter((name) => /secret$/i.test(name))
        .toSorted(),
    ).toEqual(["encryptedSecret", "previousEncryptedSecret"]);
    await expect(command("plain", "--secret", own)).rejects.toThrow(/was rotated before/);
  });

  it("is rotated away like any other key", async () => {
    await command("leaving", "--url", pipeline.merchant.url("/leaving"), "--secret", own);
    const reported = await command("leaving", "--rotate");
    expect(reported.get("secret")).not.toBe(own);
    expect(reported.get("  secret")).toBe(own);
  });

  it("opens for nobody else: copied into another row it is a fault of that row, with a clear reason", async () => {
    await command("copied", "--url", pipeline.merchant.url("/copied"));
    const { encryptedSecret } = await rowOf("brought");
    await pipeline.dynamodb.send(
      new UpdateItemCommand({
        TableName: pipeline.stack.merchantsTable,
        Key: { merchantId: { S: "copied" } },
        UpdateExpression: "SET encryptedSecret = :copied",
        ExpressionAttributeValues: { ":copied": encryptedSecret as NonNullable<typeof encryptedSecret> },
      }),
    );
    await pipeline.put(transactionRow("i-2", "copied"));
    const row = await pipeline.terminalRow("i-2");
    expect(row["failure"]?.M).toMatchObject({ code: { S: "merchant_invalid" }, fault: { S: "pipeline" } });
    expect(row["failure"]?.M?.["reason"]?.S).toMatch(/cannot be opened \(InvalidCiphertextException\)/);
    expect(pipeline.merchant.to("/copied")).toEqual([]);
  });

  it("is what the reference merchant verifies with", async () => {
    const { body, headers } = await deliver("i-3", "brought");
    const passOn = (changed: string) =>
      fetch(`${pipeline.stack.endpoints.api}/confirmation`, {
        method: "POST",
        headers: Object.fromEntries(
          ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [
            name,
            String(headers[name]),
          ]),
        ),
        body: changed,
      });
    expect((await passOn(body)).status).toBe(200);
    expect((await passOn(body.replace("APPROVED", "REJECTED"))).status).toBe(401);
  });
});

describe("the key set of nobody", () => {
  it("is not found, and says so without telling more", async () => {
    const response = await fetch(`${pipeline.stack.endpoints.api}/merchants/nobody/jwks.json`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "KEYS_MERCHANT_UNKNOWN" } });
  });
});
