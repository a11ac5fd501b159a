import { getPriority } from "node:os";
import { expect, test } from "@jest/globals";
import { Fleet } from "../../../local/demo/fleet/fleet.ts";
import { inOneBook, SplitFleet } from "../../../local/demo/fleet/split-fleet.ts";
import { delivery } from "../../tools/chaos/deliveries.ts";

test("two books make one by time of arrival, each in its own order", () => {
  const well = [delivery(1, { arrivedAtMs: 5, webhookId: "a" }), delivery(2, { arrivedAtMs: 9, webhookId: "b" })];
  const apart = [delivery(1, { arrivedAtMs: 5, webhookId: "c" }), delivery(2, { arrivedAtMs: 7, webhookId: "d" })];
  const book = inOneBook(well, apart);
  expect(book.map(({ webhookId }) => webhookId)).toEqual(["a", "c", "d", "b"]);
  expect(book.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

test("a fleet that gives way has the lowest priority of this machine", async () => {
  const fleet = new Fleet({ givesWay: true });
  expect(getPriority(fleet.pid)).toBe(19);
  await fleet.stop();
});

test("merchants of both processes have ports of their own, and are asked as one", async () => {
  const fleet = new SplitFleet((merchantId) => merchantId === "hostile");
  const { origins, loopbackPort } = await fleet.watch();
  expect(origins.filter((origin) => origin.startsWith("http://127.0.0.2:"))).toHaveLength(2);
  expect(origins).toContain(`http://127.0.0.1:${loopbackPort}`);
  const ports = await fleet.listen(
    [
      { merchantId: "well", behaviour: "good" },
      { merchantId: "hostile", behaviour: "pouring" },
    ],
    400,
    1,
  );
  expect(Object.keys(ports).toSorted()).toEqual(["hostile", "well"]);
  await fleet.turn("hostile", "closed");
  await expect(fetch(`http://127.0.0.1:${ports["hostile"]}/`)).rejects.toThrow("fetch failed");
  const response = await fetch(`http://127.0.0.1:${ports["well"]}/`, { method: "POST", body: "{}" });
  expect(response.status).toBe(401);
  expect(await fleet.counts()).toMatchObject({ deliveries: 1, unverified: 1 });
  expect([await fleet.ledger(), await fleet.reached(), await fleet.open(Date.now())]).toMatchObject([[{}], [], 0]);
  await fleet.stop();
});
