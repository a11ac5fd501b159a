import { beforeAll, describe, expect, it } from "@jest/globals";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CopiesTable } from "../../../../core/aws/copies-table.ts";
import { copyKey } from "../../../../core/copies/copy-row.ts";
import type { DeliveryCopy } from "../../../../core/copies/delivery-copy.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { createJobsTable } from "../../../support/jobs-table.ts";

const TABLE = "JobsWithCopies";
const NOW = Date.parse("2026-11-29T12:00:00Z");
const HOUR_MS = 3_600_000;

function copyOf(transactionId: string, at = NOW, body = `{"of":"${transactionId}"}`): DeliveryCopy {
  return {
    at,
    transactionId,
    version: 1,
    attempt: 1,
    request: { url: "https://m.example/in", headers: { "webhook-id": "msg_1" }, hiddenHeaders: [], body },
    result: { outcome: "delivered", status: 200, durationMs: 12 },
  };
}

export function describeCopies(dynamodb: () => DynamoDbLocal): void {
  describe("copies for who listens", () => {
    const writer = () => new CopiesTable(() => dynamodb().client, TABLE);
    const idsFrom = async (merchantId: string, after: number, limit = 100) => {
      const { copies, ...page } = await writer().page(merchantId, after, limit, NOW);
      return { ids: copies.map(({ transactionId }) => transactionId), ...page };
    };
    beforeAll(() => createJobsTable(dynamodb().client, TABLE));

    it("are read as they were written, in the order in which they were kept, whatever their clocks said", async () => {
      const table = writer();
      await table.append("of-two-clocks", [copyOf("late", NOW + 60_000)]);
      await table.append("of-two-clocks", [copyOf("early", NOW - 60_000), copyOf("now")]);
      const { copies, next, hasMore } = await table.page("of-two-clocks", 0, 10, NOW);
      expect(copies).toEqual([
        { ...copyOf("late", NOW + 60_000), number: 1 },
        { ...copyOf("early", NOW - 60_000), number: 2 },
        { ...copyOf("now"), number: 3 },
      ]);
      expect([next, hasMore]).toEqual([3, false]);
    });

    it("of several writers at once have each a number of its own, and who reads meanwhile misses none", async () => {
      const merchantId = "of#many#writers";
      const seen: (string | undefined)[] = [];
      let after = 0;
      let isWriting = true;
      const reading = (async () => {
        for (let last = false; !last;) {
          last = !isWriting;
          const page = await idsFrom(merchantId, after, 7);
          seen.push(...page.ids);
          after = page.next;
          if (page.hasMore) last = false;
        }
      })();
      const kept: string[] = [];
      await Promise.all(
        ["a", "b", "c"].map(async (name) => {
          const table = writer();
          for (let index = 0; index < 12; index += 1)
            await table.append(merchantId, [copyOf(`${name}${index}`)]).then(
              () => kept.push(`${name}${index}`),
              (error: unknown) => expect(error).toMatchObject({ code: "COPIES_CONTENDED" }),
            );
        }),
      );
      isWriting = false;
      await reading;
      expect(new Set(seen)).toEqual(new Set(kept));
      expect(seen).toHaveLength(kept.length);
      expect(after).toBe(kept.length);
      for (const name of ["a", "b", "c"]) {
        const own = seen.filter((id) => id?.startsWith(name)).map((id) => Number(id?.slice(1)));
        expect(own).toEqual(own.toSorted((one, other) => one - other));
      }
      expect(await idsFrom("of#many", 0)).toEqual({ ids: [], next: 0, hasMore: false });
    });

    it("hold the longest bodies there may be, and a page of such ends early and goes on", async () => {
      const table = writer();
      const body = JSON.stringify({ text: "é".repeat(199_990) });
      expect(Buffer.byteLength(body)).toBeGreaterThan(399_900);
      for (const id of ["b1", "b2", "b3", "b4"]) await table.append("of-long", [copyOf(id, NOW, body)]);
      const first = await table.page("of-long", 0, 100, NOW);
      expect(first.copies.map(({ request }) => request.body === body)).toEqual([true, true, true]);
      expect([first.next, first.hasMore]).toEqual([3, true]);
      expect(await idsFrom("of-long", first.next)).toEqual({ ids: ["b4"], next: 4, hasMore: false });
    });

    it("are gone after an hour, deleted or not, and their numbers never begin anew", async () => {
      const old = Array.from({ length: 25 }, (_, index) => copyOf(`old${index}`, NOW - HOUR_MS));
      const table = writer();
      await table.append("of-old", old);
      expect(await idsFrom("of-old", 0)).toEqual({ ids: [], next: 25, hasMore: false });
      await table.append("of-old", [copyOf("new")]);
      expect(await idsFrom("of-old", 3)).toEqual({ ids: ["new"], next: 26, hasMore: false });
      const { Item } = await dynamodb().client.send(
        new GetItemCommand({ TableName: TABLE, Key: { jobId: { S: copyKey("of-old", 26) } } }),
      );
      expect(Item?.["purgeAt"]).toEqual({ N: String((NOW + HOUR_MS) / 1000) });
    });

    it("are read from the last on by who says a number that is not there yet, as after a restore", async () => {
      await writer().append("of-restore", [copyOf("one")]);
      expect(await idsFrom("of-restore", 900)).toEqual({ ids: [], next: 1, hasMore: false });
    });
  });
}
