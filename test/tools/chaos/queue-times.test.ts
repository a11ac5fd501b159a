/** What the embedded queue lacks and the proxy makes up for: handles that expire, a deduplication window that ends. */
import { expect, test } from "@jest/globals";
import { DeduplicationWindow } from "../../../tools/chaos/proxy/deduplication-window.ts";
import { ReceiptHandles } from "../../../tools/chaos/proxy/receipt-handles.ts";

let now = 0;

function handles(): ReceiptHandles {
  now = 0;
  const known = new ReceiptHandles(() => now);
  known.observe(
    { operation: "ReceiveMessage", body: { VisibilityTimeout: 15 } },
    { Messages: [{ ReceiptHandle: "a" }, { ReceiptHandle: "b" }] },
  );
  return known;
}

test("a handle expires with the visibility of its message", () => {
  const known = handles();
  now = 14_999;
  expect([known.isExpired("a"), known.inFlight]).toEqual([false, 2]);
  now = 15_000;
  expect([known.isExpired("a"), known.inFlight]).toEqual([true, 0]);
});

test("a change of visibility that was carried out moves the end, one that failed does not", () => {
  const known = handles();
  const Entries = ["a", "b"].map((handle) => ({ Id: handle, ReceiptHandle: handle, VisibilityTimeout: 30 }));
  known.observe({ operation: "ChangeMessageVisibilityBatch", body: { Entries } }, { Successful: [{ Id: "a" }] });
  now = 20_000;
  expect([known.isExpired("a"), known.isExpired("b")]).toEqual([false, true]);
});

test("what was deleted is not in flight any more", () => {
  const known = handles();
  const Entries = [{ Id: "0", ReceiptHandle: "a" }];
  known.observe({ operation: "DeleteMessageBatch", body: { Entries } }, { Successful: [{ Id: "0" }] });
  expect([known.inFlight, known.isExpired("a")]).toEqual([1, false]);
});

test("a handle that was never given out is the queue's own business", () => {
  expect(handles().isExpired("unknown")).toBe(false);
});

test("what one queue was sent is new to another", () => {
  now = 0;
  const window = new DeduplicationWindow(5000, () => now);
  const idIn = (QueueUrl: string) => {
    const body = { QueueUrl, Entries: [{ Id: "0", MessageDeduplicationId: "d" }] };
    return window.rewrite({ operation: "SendMessageBatch", body })["Entries"];
  };
  const first = idIn("one");
  now = 5001;
  expect(idIn("other")).toEqual(first);
  expect(idIn("one")).not.toEqual(first);
});

test("a deduplication id is the same within the window and a new one after it", () => {
  now = 0;
  const window = new DeduplicationWindow(5000, () => now);
  const idOf = () => {
    const body = { Entries: [{ Id: "0", MessageDeduplicationId: "d" }] };
    const { Entries } = window.rewrite({ operation: "SendMessageBatch", body }) as {
      Entries: { MessageDeduplicationId: string }[];
    };
    return Entries[0]?.MessageDeduplicationId;
  };
  expect(idOf()).toBe("d");
  now = 5000;
  expect(idOf()).toBe("d");
  now = 5001;
  const second = idOf();
  expect(second).not.toBe("d");
  now = 10_001;
  expect(idOf()).toBe(second);
  now = 10_002;
  expect(["d", second]).not.toContain(idOf());
});

test("other calls are left as they are", () => {
  const body = { QueueUrl: "q" };
  expect(new DeduplicationWindow(1, () => 0).rewrite({ operation: "ReceiveMessage", body })).toBe(body);
});
