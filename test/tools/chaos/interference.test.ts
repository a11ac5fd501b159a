/**
 * What faults make of batches: the caller hears of every entry, in order, and only what was carried out was sent on.
 */
import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import type { Interference, Json } from "../../../tools/chaos/proxy/interference.ts";
import { expiredHandles, queueInterference } from "../../../tools/chaos/proxy/queue-interference.ts";
import { tableInterference } from "../../../tools/chaos/proxy/table-interference.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";

const count = fc.integer({ min: 1, max: 25 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

function inPart(interference: Interference | undefined) {
  if (interference?.kind !== "in part") throw new Error(`expected a part, got ${interference?.kind}`);
  return interference;
}

function entries(body: Json | undefined, name: string): readonly Record<string, unknown>[] {
  return (body?.[name] ?? []) as readonly Record<string, unknown>[];
}

describe("a table that answers in part", () => {
  it("answers each statement for itself; those that were refused were not carried out", () => {
    fc.assert(
      fc.property(count, share, fc.nat(), (statements, given, seed) => {
        const body = { Statements: Array.from({ length: statements }, (_, index) => ({ Statement: String(index) })) };
        const call = { operation: "BatchExecuteStatement", body };
        const { request, answer: respond } = inPart(tableInterference("in part", call, given, seededRandom(seed)));
        const sent = entries(request, "Statements").map(({ Statement }) => Statement);
        const responses = entries(respond({ Responses: sent.map((Done) => ({ Done })) }), "Responses");
        expect(responses).toHaveLength(statements);
        for (const [index, response] of responses.entries()) {
          const error = response["Error"] as { readonly Code: string } | undefined;
          if (error === undefined) expect(response["Done"]).toBe(String(index));
          else if (error.Code !== "InternalServerError") expect(sent).not.toContain(String(index));
          else expect(sent).toContain(String(index));
        }
      }),
    );
  });

  it("leaves keys unprocessed that were not read", () => {
    fc.assert(
      fc.property(count, share, fc.nat(), (keys, given, seed) => {
        const Keys = Array.from({ length: keys }, (_, index) => ({ transactionId: { S: String(index) } }));
        const call = { operation: "BatchGetItem", body: { RequestItems: { T: { Keys, ConsistentRead: true } } } };
        const { request, answer: respond } = inPart(tableInterference("in part", call, given, seededRandom(seed)));
        const read = entries((request?.["RequestItems"] as Record<string, Json> | undefined)?.["T"], "Keys");
        const { UnprocessedKeys } = respond({ Responses: {} }) as { UnprocessedKeys: Record<string, Json> };
        const left = entries(UnprocessedKeys["T"], "Keys");
        expect(new Set([...read, ...left])).toEqual(new Set(Keys));
        expect(read.length + left.length).toBe(keys);
      }),
    );
  });

  it("refuses a whole query, which has no parts", () => {
    const call = { operation: "Query", body: {} };
    expect(tableInterference("in part", call, 0.5, seededRandom(1)).kind).toBe("refuse");
  });
});

describe("a queue that answers in part", () => {
  const batch = (operation: string, size: number) => ({
    operation,
    body: { Entries: Array.from({ length: size }, (_, index) => ({ Id: String(index), ReceiptHandle: `h-${index}` })) },
  });

  it("names each entry once, as successful or as failed; those that failed were not sent on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), share, fc.nat(), (size, given, seed) => {
        const call = batch("SendMessageBatch", size);
        const { request, answer: respond } = inPart(queueInterference("in part", call, given, seededRandom(seed)));
        const sent = entries(request, "Entries").map(({ Id }) => Id);
        const whole = respond({ Successful: sent.map((Id) => ({ Id })) });
        const failed = entries(whole, "Failed").map(({ Id }) => Id);
        expect(new Set([...sent, ...failed]).size).toBe(size);
        expect(sent.length + failed.length).toBe(size);
        expect(entries(whole, "Successful").map(({ Id }) => Id)).toEqual(sent);
      }),
    );
  });

  it("refuses handles that have expired, and those alone", () => {
    const call = batch("DeleteMessageBatch", 3);
    const { request, answer: respond } = inPart(expiredHandles(call, (handle) => handle === "h-1", seededRandom(1)));
    expect(entries(request, "Entries").map(({ Id }) => Id)).toEqual(["0", "2"]);
    expect(entries(respond({}), "Failed")).toMatchObject([{ Id: "1", SenderFault: true }]);
    expect(expiredHandles(call, () => false, seededRandom(1))).toBeUndefined();
  });

  it("gives nothing out at the in-flight limit, or refuses, and lets everything else pass", () => {
    const receive = { operation: "ReceiveMessage", body: {} };
    const empty = inPart(queueInterference("full, empty", receive, 1, seededRandom(1)));
    expect([empty.request, empty.answer({ Messages: [1] })]).toEqual([undefined, {}]);
    expect(queueInterference("full, refusing", receive, 1, seededRandom(1))).toMatchObject({
      kind: "refuse",
      error: { code: expect.stringContaining("OverLimit") },
    });
    expect(queueInterference("full, empty", batch("DeleteMessageBatch", 1), 1, seededRandom(1))).toBeUndefined();
  });
});
