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
    const reader = (of = "numbers") =>
      new SharedReading<string>({
        client: dynamodb().client,
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

    it("is none of another thing, as of an earlier build", async () => {
      await reader("numbers of before").get();
      expect((await reader().get())?.value).toBe("read 2");
    });
  });
}
