import { describe, expect, it } from "@jest/globals";
import { SimulatedQueue } from "../../../../tools/simulate/aws/message-queue.ts";
import type { Confirmation } from "../../../../tools/simulate/run/confirmation.ts";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";

const confirmation = (id: string) => ({ id, release: 0 }) as Confirmation;
const after = async (time: VirtualTime, ms: number) => {
  for (const until = time.now() + ms; time.now() < until;) await time.advance(() => {});
};

describe("the simulated queue", () => {
  it("gives out the oldest first, and what came back before what was never out", async () => {
    const time = new VirtualTime();
    const queue = new SimulatedQueue(time, 10);
    for (const id of ["a", "b", "c"]) queue.send(confirmation(id));
    const first = queue.receive();
    if (first === undefined) throw new Error("nothing was received");
    queue.hide(first, 1000);
    await after(time, 1000);
    expect([queue.receive(), queue.receive()].map((message) => message?.confirmation.id)).toEqual(["a", "b"]);
  });

  it("gives out nothing at its limit of messages in flight, and goes on when one is deleted", () => {
    const queue = new SimulatedQueue(new VirtualTime(), 2);
    for (const id of ["a", "b", "c"]) queue.send(confirmation(id));
    const first = queue.receive();
    queue.receive();
    expect([queue.receive(), queue.waiting, queue.inFlight]).toEqual([undefined, 1, 2]);
    if (first !== undefined) queue.delete(first);
    expect(queue.receive()?.confirmation.id).toBe("c");
  });

  it("does not give out again what was deleted before its visibility ended", async () => {
    const time = new VirtualTime();
    const queue = new SimulatedQueue(time, 2);
    queue.send(confirmation("a"));
    const message = queue.receive();
    if (message === undefined) throw new Error("nothing was received");
    queue.hide(message, 50);
    queue.delete(message);
    await after(time, 100);
    expect([queue.waiting, queue.inFlight]).toEqual([0, 0]);
  });
});
