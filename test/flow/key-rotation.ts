/**
 * A merchant's keys are rotated while transactions are confirmed: by the command, with the published keys, as the
 * merchant sees it. On the stack of the command line's other tests.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, expect } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { rotationUpdate } from "../../core/signing/key-rotation.ts";
import { parseMerchant } from "../../core/merchant/merchant.ts";
import { keysFrom, verifyWebhook } from "../../verifier/verify-webhook.mjs";
import { commandLineOn, registerVouched } from "./command-line.ts";
import type { Delivery } from "./merchant-server.ts";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { sideBySide } from "./side-by-side.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

let pipeline: Pipeline;
let noted: string;

interface Keys {
  readonly previousKeyUntil?: string;
  readonly keys: readonly { readonly x: string; readonly kid: string }[];
}

interface Secret {
  readonly secret: string;
  readonly previous?: { readonly secret: string; readonly until: string };
}

const OWN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

const commandLine = (...args: readonly string[]) => commandLineOn(noted)("merchants", ...args);
const register = (id: string) => registerVouched(commandLineOn(noted), id, "--url", pipeline.merchant.url(`/${id}`));
const secretOf = (id: string) => commandLineOn(noted).json<Secret>("merchants", "secret", "show", id);
const keysOf = (id: string) => commandLineOn(noted).json<Keys>("merchants", "show", id);
const publicKey = ({ keys }: Keys, index = 0) =>
  `whpk_${Buffer.from(keys[index]?.x ?? "", "base64url").toString("base64")}`;
const keySet = (id: string) => (pipeline.stack.outputs["KeySetUrl"] ?? "").replace("{merchantId}", id);

/** Has a merchant signed with a secret of its own, read from standard input. */
async function importSecret(id: string, secret: string, ...more: readonly string[]): Promise<void> {
  const file = join(noted, `secret of ${id}`);
  await writeFile(file, `${secret}\n`);
  const { stdout } = await commandLine("secret", "import", id, "--file", file, ...more);
  expect(stdout).not.toContain(secret);
}

async function deliver(transactionId: string, merchantId = "rotated"): Promise<Delivery> {
  await pipeline.put(transactionRow(transactionId, merchantId));
  await pipeline.terminalRow(transactionId);
  const delivery = pipeline.merchant.to(`/${merchantId}`).find(({ body }) => body.includes(`"${transactionId}"`));
  if (delivery === undefined) throw new Error(`${transactionId} was not delivered`);
  return delivery;
}

const verifyV1 = ({ body, headers }: Delivery, secret: string | undefined) =>
  new Webhook(secret ?? "").verify(body, headers as Record<string, string>);

const rowOf = async (merchantId: string) => {
  const { Item = {} } = await pipeline.dynamodb.send(
    new GetItemCommand({ TableName: pipeline.stack.merchantsTable, Key: { merchantId: { S: merchantId } } }),
  );
  return Item;
};

async function rotation(): Promise<void> {
  await register("rotated");
  const [before, keysBefore] = [await secretOf("rotated"), await keysOf("rotated")];
  const first = await deliver("r-0");
  expect(first.headers["webhook-signature"]).toMatch(/^v1,\S+ v1a,\S+$/);
  verifyV1(first, before.secret);
  await verifyWebhook({ ...first, keys: publicKey(keysBefore) });

  const Key = { merchantId: { S: "rotated" } };
  const TableName = pipeline.stack.merchantsTable;
  const { Item: stale = {} } = await pipeline.dynamodb.send(new GetItemCommand({ TableName, Key }));
  expect((await commandLine("rotate", "rotated")).stdout).toMatch(/^overlap +the key before signs too until /m);
  const [after, keysAfter] = [await secretOf("rotated"), await keysOf("rotated")];
  const hoursLeft = (Date.parse(keysAfter.previousKeyUntil ?? "") - Date.now()) / 3_600_000;
  expect(Math.round(hoursLeft)).toBe(24);
  expect(after.secret).not.toBe(before.secret);
  expect([after.previous?.secret, publicKey(keysAfter, 1)]).toEqual([before.secret, publicKey(keysBefore)]);

  let nth = 0;
  const both = await waitFor("both keys sign", async () => {
    const delivery = await deliver(`r-${(nth += 1)}`);
    verifyV1(delivery, before.secret);
    return String(delivery.headers["webhook-signature"]).split(" ").length === 4 ? delivery : undefined;
  });
  verifyV1(both, after.secret);
  await verifyWebhook({ ...both, keys: publicKey(keysBefore) });
  await verifyWebhook({ ...both, keys: publicKey(keysAfter) });

  const published = keySet("rotated");
  const { keys } = (await (await fetch(published)).json()) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).toEqual([keysAfter.keys[0]?.kid, keysBefore.keys[0]?.kid]);
  expect(await verifyWebhook({ ...both, keys: keysFrom(published) })).toMatchObject({ scheme: "v1a" });

  await expect(commandLine("rotate", "rotated")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/key before signs too until/),
  });
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
  expect((await keysOf("rotated")).keys[0]?.kid).toBe(keysAfter.keys[0]?.kid);
}

async function rotationWithoutOverlap(): Promise<void> {
  await register("leaked");
  const before = await keysOf("leaked");
  await commandLine("rotate", "leaked", "--overlap-hours", "0");
  const after = await keysOf("leaked");
  expect(publicKey(after)).not.toBe(publicKey(before));
  expect(after.previousKeyUntil).toBeUndefined();
  const { keys } = (await (await fetch(keySet("leaked"))).json()) as { keys: { kid: string }[] };
  expect(keys.map(({ kid }) => kid)).toEqual([after.keys[0]?.kid]);
}

async function ownSecret(): Promise<void> {
  await register("brought");
  await importSecret("brought", OWN, "--overlap-hours", "0");
  expect(await secretOf("brought")).toEqual({ merchantId: "brought", secret: OWN });
  verifyV1(await deliver("i-0", "brought"), OWN);
  const row = await rowOf("brought");
  expect(row["encryptedSecret"]?.B).toBeInstanceOf(Uint8Array);
  expect(row["secret"]).toBeUndefined();
  expect(Buffer.from(row["encryptedSecret"]?.B ?? []).includes(OWN.slice("whsec_".length))).toBe(false);
}

async function copiedSecret(): Promise<void> {
  await register("copied");
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
  expect(pipeline.merchant.confirmationsTo("/copied")).toEqual([]);
}

async function verifiedByReference(): Promise<void> {
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
}

async function secretInPlaceOfAnother(): Promise<void> {
  await pipeline.registerMerchant({
    merchantId: "plain",
    confirmationUrl: pipeline.merchant.url("/plain"),
    secret: OWN,
  });
  verifyV1(await deliver("i-1", "plain"), OWN);
  await importSecret("plain", OTHER);
  expect(await secretOf("plain")).toMatchObject({ secret: OTHER, previous: { secret: OWN } });
  let nth = 0;
  const both = await waitFor("both secrets sign", async () => {
    const delivery = await deliver(`i-1-${(nth += 1)}`, "plain");
    verifyV1(delivery, OWN);
    return String(delivery.headers["webhook-signature"]).split(" ").length > 2 ? delivery : undefined;
  });
  verifyV1(both, OTHER);
  const row = await rowOf("plain");
  expect(
    Object.keys(row)
      .filter((name) => /secret$/i.test(name))
      .toSorted(),
  ).toEqual(["encryptedSecret", "previousEncryptedSecret"]);
  await expect(importSecret("plain", OWN)).rejects.toMatchObject({ code: 1 });
}

async function rotatedAway(): Promise<void> {
  await register("leaving");
  await importSecret("leaving", OWN, "--overlap-hours", "0");
  await commandLine("rotate", "leaving");
  const { secret, previous } = await secretOf("leaving");
  expect(secret).not.toBe(OWN);
  expect(previous?.secret).toBe(OWN);
}

async function keySetOfNobody(): Promise<void> {
  const response = await fetch(`${pipeline.stack.endpoints.api}/merchants/nobody/jwks.json`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "KEYS_MERCHANT_UNKNOWN" } });
}

/** @param running the pipeline that the tests have, once they run, with its stack's file in its state */
export function keyRotationTests(running: () => Pipeline): void {
  beforeAll(() => {
    pipeline = running();
    noted = pipeline.stateDirectory;
  });

  // What a worker knows of a merchant it knows for ten seconds.
  const secret = "a secret that a merchant brings along";
  sideBySide(
    {
      "a rotation reaches the merchant without one webhook that it could not verify": rotation,
      "a rotation leaves nothing of the old key when no overlap is wanted": rotationWithoutOverlap,
      [`${secret} signs from the first webhook on, lies in no table in plain text, and opens for nobody else`]:
        async () => {
          await ownSecret();
          await copiedSecret();
          await verifiedByReference();
        },
      [`${secret} takes the place of the one before, which signs too for a while, and of a plain one`]:
        secretInPlaceOfAnother,
      [`${secret} is rotated away like any other key`]: rotatedAway,
      "the key set of nobody is not found, and says so without telling more": keySetOfNobody,
    },
    patienceMs(120_000),
  );
}
