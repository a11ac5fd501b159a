import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { newAuditEntry } from "../../../core/audit-log/audit-entry.ts";
import { blockKey, type Block, parseBlock } from "../../../core/audit-log/chain.ts";
import { ChainBucket } from "../../../core/aws/block-store.ts";
import { append, type BlockStore, type NewChange } from "../../../lambdas/audit-log-chain/append.ts";
import { changeOf } from "../../../lambdas/audit-log-chain/changes.ts";
import { CREDENTIALS } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import type { ProcessRegister } from "../../../local/processes/process-register.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { verifyAuditLog } from "../../../verifier/verify-audit-log.mjs";
import { temporaryDirectory } from "../../local/temporary-directory.ts";

const logDirectory = temporaryDirectory();
const register: ProcessRegister = {
  note: () => undefined,
  forget: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};
const START = Date.parse("2026-11-22T10:00:00Z");

let server: LocalSqs;
let s3: S3Client;
let bucket = "";
let counter = 0;
let now = START;

beforeAll(async () => {
  const port = await usablePort(0, "S3", "");
  server = await startSqs({ port, logDirectory, register });
  s3 = new S3Client({
    endpoint: server.endpoint,
    region: "eu-west-1",
    credentials: CREDENTIALS,
    forcePathStyle: true,
  });
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
});
beforeEach(async () => {
  bucket = `chain-${(counter += 1)}`;
  now = START;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

const change = (name: string, madeAt = now): NewChange => ({
  changeId: name,
  event: "INSERT",
  entry: newAuditEntry(
    { actor: { subject: name, clientId: "c" }, action: "pauseMerchant", resource: "merchants/a", requestId: name },
    madeAt,
  ),
  madeAt,
});
const program = (store: BlockStore = new ChainBucket(s3, bucket)) => ({
  store,
  nowMs: () => now,
  seen: { newest: 0 },
});

async function blocks(): Promise<{ name: string; text: string; block: Block }[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const store = new ChainBucket(s3, bucket);
  return Promise.all(
    Contents.map(async ({ Key: name = "" }) => {
      const text = (await store.read(Number(/(\d{12})/.exec(name)?.[1]))) ?? "";
      return { name, text, block: parseBlock(text) };
    }),
  );
}
const chainedIds = async () => (await blocks()).flatMap(({ block }) => block.changes.map(({ changeId }) => changeId));

describe("the chain of the audit log", () => {
  it("goes on behind its newest block, however many there are, and though the first ones are gone", async () => {
    const one = program();
    for (let count = 0; count < 11; count += 1) await append([change(`c-${count}`)], one);
    for (const number of [1, 2, 3]) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: blockKey(number) }));
    const store = new ChainBucket(s3, bucket);
    for (const from of [0, 3, 7, 10, 11]) expect(await store.newest(from)).toBe(11);
    now += 3_600_000;
    await append([change("last")], program());
    const all = await blocks();
    expect(all.at(-1)?.block.number).toBe(12);
    expect(verifyAuditLog({ blocks: all })).toMatchObject({ blocks: 9, firstBlock: 4, faults: [] });
  });

  it("is one line when many shards bring some at once, and has each change once", async () => {
    const shards = Array.from({ length: 6 }, (_, shard) =>
      Array.from({ length: 3 }, (__, batch) => [change(`s${shard}-b${batch}-1`), change(`s${shard}-b${batch}-2`)]),
    );
    await Promise.all(
      shards.map(async (batches) => {
        const own = program();
        for (const batch of batches) await append(batch, own);
      }),
    );
    const ids = await chainedIds();
    expect(ids.toSorted((one, other) => (one < other ? -1 : 1))).toEqual(
      shards
        .flat(2)
        .map(({ changeId }) => changeId)
        .toSorted((one, other) => (one < other ? -1 : 1)),
    );
    for (const batches of shards) {
      const order = batches.flat().map(({ changeId }) => ids.indexOf(changeId));
      expect(order).toEqual(order.toSorted((one, other) => one - other));
    }
    expect(verifyAuditLog({ blocks: await blocks() }).faults).toEqual([]);
  });

  it("takes a batch that comes again, whole, in parts or at once, for what it is", async () => {
    const batch = [change("a"), change("b"), change("c")];
    expect(await append(batch, program())).toBe(3);
    now += 7_200_000;
    await append([change("meanwhile")], program());
    expect(await append(batch, program())).toBe(0);
    expect(await append([batch[1] as NewChange, change("d")], program())).toBe(1);
    await Promise.all([append(batch, program()), append([change("e"), change("e")], program())]);
    expect((await chainedIds()).toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
      "meanwhile",
    ]);
  });

  it("puts none twice whose answer was lost", async () => {
    const store = new ChainBucket(s3, bucket);
    const losing: BlockStore = {
      newest: (from) => store.newest(from),
      read: (number) => store.read(number),
      async put(number, text) {
        await store.put(number, text);
        throw new Error("the answer is lost");
      },
    };
    await expect(append([change("a")], program(losing))).rejects.toThrow("lost");
    expect(await append([change("a")], program())).toBe(0);
    expect(await chainedIds()).toEqual(["a"]);
  });

  it("never overwrites a block", async () => {
    const store = new ChainBucket(s3, bucket);
    expect(await store.put(1, "first")).toBe(true);
    expect(await store.put(1, "second")).toBe(false);
    expect(await store.read(1)).toBe("first");
    expect(await store.read(2)).toBeUndefined();
  });

  it("says so where others are faster each time, and the batch is handed over again", async () => {
    const always: BlockStore = { newest: async (from) => from, read: async () => undefined, put: async () => false };
    await expect(append([change("a")], program(always))).rejects.toMatchObject({ code: "CHAIN_CONTENDED" });
  });

  it("reads what a stream hands over: entries that came in, and what somebody did to one", () => {
    const image = {
      entry: { S: "2026-11-22T10:00:00.000Z#ab" },
      at: { S: "2026-11-22T10:00:00.000Z" },
      actor: { M: { subject: { S: "s" }, clientId: { S: "c" } } },
      after: { S: '{"paused":true}' },
    };
    expect(
      changeOf({ eventID: "e-1", eventName: "INSERT", dynamodb: { NewImage: image, ApproximateCreationDateTime: 5 } }),
    ).toMatchObject({ changeId: "e-1", event: "INSERT", madeAt: 5000, entry: { after: { paused: true } } });
    expect(
      changeOf({ eventID: "e-2", eventName: "REMOVE", dynamodb: { OldImage: image, ApproximateCreationDateTime: 6 } }),
    ).toMatchObject({ event: "REMOVE", entry: { entryId: image.entry.S, actor: { subject: "s" } } });
  });
});

describe("the verifier of the audit log", () => {
  const entriesOf = (all: readonly { block: Block }[]) =>
    all.flatMap(({ block }) => block.changes.map(({ entry }) => entry));

  async function chain() {
    const one = program();
    for (let count = 0; count < 4; count += 1) {
      now += 1000;
      await append([change(`c-${count}`)], one);
    }
    return blocks();
  }

  it("finds nothing wrong with what is right, and knows what is too new to be chained", async () => {
    const all = await chain();
    now += 1000;
    const entries = [...entriesOf(all), change("new").entry];
    expect(verifyAuditLog({ blocks: all.toReversed(), entries })).toEqual({
      blocks: 4,
      firstBlock: 1,
      chained: 4,
      pending: 1,
      faults: [],
    });
  });

  it("finds a block that was changed, that is missing, and two that changed places", async () => {
    const all = await chain();
    const kinds = (given: readonly { name: string; text: string }[]) =>
      verifyAuditLog({ blocks: given }).faults.map(({ kind, what }) => [kind, what]);
    const [, second = { name: "", text: "" }, third = { name: "", text: "" }] = all;
    const changed = all.map((one) => (one === second ? { ...one, text: one.text.replace("c-1", "x-1") } : one));
    expect(kinds(changed)).toEqual([["block changed", 2]]);
    expect(kinds(all.filter((one) => one !== third))).toEqual([["block missing", 3]]);
    const swapped = all.map((one) =>
      one === second ? { ...one, text: third.text } : one === third ? { ...one, text: second.text } : one,
    );
    expect(kinds(swapped).length).toBeGreaterThan(1);
    expect(kinds([{ name: second.name, text: "{" }])).toEqual([["block unreadable", 2]]);
  });

  it("finds an entry of the log that was changed, is missing, or was put there past the chain", async () => {
    const all = await chain();
    const [first, second, ...others] = entriesOf(all);
    const entries = [{ ...first, action: "resumeMerchant" }, ...others];
    const found = verifyAuditLog({ blocks: all, entries }).faults.map(({ kind, what }) => [kind, what]);
    expect(found).toEqual([
      ["entry differs", first?.entryId],
      ["entry missing", second?.entryId],
    ]);
    const forged = { ...first, entryId: "2026-11-22T10:00:00.500Z#00", at: "2026-11-22T10:00:00.500Z" };
    const withForged = verifyAuditLog({ blocks: all, entries: [...entriesOf(all), forged] }).faults;
    expect(withForged.map(({ kind }) => kind)).toEqual(["entry not chained"]);
  });

  it("finds what somebody did to the log, as its own stream told", async () => {
    await append([{ ...change("c"), event: "REMOVE" }], program());
    await append([{ ...change("d"), event: "MODIFY" }], program());
    expect(verifyAuditLog({ blocks: await blocks() }).faults.map(({ kind }) => kind)).toEqual([
      "entry removed from the log",
      "entry changed in the log",
    ]);
  });

  it("is about nothing else that lies in the bucket", async () => {
    const all = await chain();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "audit-logs/x.json", Body: "x" }));
    expect(await new ChainBucket(s3, bucket).newest(0)).toBe(all.length);
  });
});
