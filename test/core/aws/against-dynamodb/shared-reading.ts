import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { SharedReading } from "../../../../core/aws/shared-reading.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createJobsTable } from "../../../support/jobs-table.ts";

const TABLE = "JobsWithReadings";
const KEPT_MS = 60_000;
const LEASE_MS = 10_000;

export function describeSharedReading(dynamodb: () => DynamoDbLocal): void {
  describe("a reading that is shared", () => {
    let now: number;
    let loads: number;
    let load: () => Promise<string>;
    let warned: unknown[];
    let id = 0;
    /** Of another execution each time. */
    const reader = (of = "numbers", client: Pick<DynamoDBClient, "send"> = dynamodb().client) =>
      new SharedReading<string>({
        client,
        table: TABLE,
        id: `#reading-${id}`,
        of,
        keptMs: KEPT_MS,
        load: () => load(),
        nowMs: () => now,
        warn: (...line) => warned.push(line),
      });

    beforeAll(() => createJobsTable(dynamodb().client, TABLE));
    beforeEach(() => {
      id += 1;
      now = Date.parse("2026-11-30T12:00:00Z");
      loads = 0;
      warned = [];
      load = async () => `read ${(loads += 1)}`;
    });

    it("is read once for all who ask within its time, and anew after that", async () => {
      const first = await reader().get();
      expect(first).toEqual({ value: "read 1", readAtMs: now });
      now += KEPT_MS - 1;
      const [one, other] = [reader(), reader()];
      expect([await one.get(), await other.get(), await one.get()]).toEqual([first, first, first]);
      now += 1;
      expect(await reader().get()).toEqual({ value: "read 2", readAtMs: now });
      expect(loads).toBe(2);
    });

    it("is what is kept for whoever asks while another reads", async () => {
      const kept = await reader().get();
      now += KEPT_MS;
      const { promise, resolve } = Promise.withResolvers<string>();
      const begun = Promise.withResolvers<undefined>();
      load = () => {
        begun.resolve(undefined);
        return promise;
      };
      const reading = reader().get();
      await begun.promise;
      expect(await reader().get()).toEqual(kept);
      resolve("late");
      expect((await reading)?.value).toBe("late");
      expect((await reader().get())?.value).toBe("late");
    });

    it("is none while another reads for the first time", async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const begun = Promise.withResolvers<undefined>();
      load = () => {
        begun.resolve(undefined);
        return promise;
      };
      const reading = reader().get();
      await begun.promise;
      expect(await reader().get()).toBeUndefined();
      resolve("first");
      expect((await reading)?.value).toBe("first");
    });

    it("is the last one where it cannot be read, which is not tried again for a while", async () => {
      const kept = await reader().get();
      now += KEPT_MS;
      let tries = 0;
      load = () => {
        tries += 1;
        return Promise.reject(new Error("CloudWatch is silent"));
      };
      expect([await reader().get(), await reader().get()]).toEqual([kept, kept]);
      expect([tries, warned.length]).toEqual([1, 1]);
      now += LEASE_MS;
      load = async () => "again";
      expect((await reader().get())?.value).toBe("again");
    });

    it("is none where it could never be read", async () => {
      load = () => Promise.reject(new Error("CloudWatch is silent"));
      expect(await reader().get()).toBeUndefined();
    });

    /** A client before whose first write of an item something else happens. */
    const clientAfter = (before: () => Promise<unknown>): Pick<DynamoDBClient, "send"> => {
      const { client } = dynamodb();
      let happened: Promise<unknown> | undefined;
      const send = async (command: UpdateItemCommand) => {
        if (command instanceof UpdateItemCommand) await (happened ??= before());
        return client.send(command);
      };
      return { send: send as DynamoDBClient["send"] };
    };

    it.each([
      ["too old", true],
      ["not there", false],
    ])("is not read again by who found it %s just before another kept it", async (_what, isKept) => {
      if (isKept) await reader().get();
      now += KEPT_MS;
      loads = 0;
      const late = reader(
        "numbers",
        clientAfter(() => reader().get()),
      );
      expect(await late.get()).toEqual({ value: "read 1", readAtMs: now });
      expect([await late.get(), loads]).toEqual([{ value: "read 1", readAtMs: now }, 1]);
    });

    it("stays as it is, and so does who reads it now, where one comes back after its lease was over", async () => {
      const slow = Promise.withResolvers<string>();
      const begun = Promise.withResolvers<undefined>();
      load = () => {
        begun.resolve(undefined);
        return slow.promise;
      };
      const late = reader().get();
      await begun.promise;
      now += LEASE_MS;
      load = async () => `read ${(loads += 1)}`;
      const newest = await reader().get();
      expect(newest?.value).toBe("read 1");
      now += KEPT_MS;
      const next = Promise.withResolvers<string>();
      const nextBegun = Promise.withResolvers<undefined>();
      load = () => {
        nextBegun.resolve(undefined);
        return next.promise;
      };
      const reading = reader().get();
      await nextBegun.promise;
      slow.resolve("of long ago");
      expect((await late)?.value).toBe("of long ago");
      expect(await reader().get()).toEqual(newest);
      next.resolve("read 2");
      expect((await reading)?.value).toBe("read 2");
      expect([(await reader().get())?.value, warned]).toEqual(["read 2", []]);
    });

    it("is none of another thing, as of an earlier build", async () => {
      await reader("numbers of before").get();
      expect((await reader().get())?.value).toBe("read 2");
    });
  });
}
