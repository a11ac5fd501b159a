/** Who gets which connection: exchanges that wait while connections are on the way, come free, fail and are closed. */
import { describe, expect, it } from "@jest/globals";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { settle } from "../../support/until.ts";
import { Asking } from "./asked.ts";
import { byHand } from "./connecting.ts";

const ORIGIN = "http://merchant.example";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** So many exchanges, sent one after the other, each with its opening. */
function asked(count: number, changes: { readonly now?: () => number } = {}) {
  const { connect, dials } = byHand();
  const pools = new ConnectionPools({ connect, maxPools: 10, ...changes });
  const one = () => {
    const asking = new Asking(ORIGIN);
    pools.send(ORIGIN, asking);
    return asking;
  };
  return { pools, dials, one, all: Array.from({ length: count }, one) };
}

describe("an exchange that waits", () => {
  it("is sent on the first connection that is free, though its own is on the way still", async () => {
    const { dials, all } = asked(2);
    dials[0]?.open();
    dials[0]?.respond(OK);
    await settle();
    expect(dials[0]?.written).toHaveLength(2);
    dials[0]?.respond(OK);
    expect(await all[1]?.ended).toMatchObject({ status: 200 });
  });

  it("fails with its own opening, and no other does", async () => {
    const { dials, all } = asked(3);
    dials[1]?.fail(new Error("nobody there"));
    expect(all.map(({ hasEnded }) => hasEnded)).toEqual([false, true, false]);
    dials[2]?.open();
    dials[0]?.open();
    expect(dials.map(({ written }) => written.length)).toEqual([1, 0, 1]);
    expect((await all[1]?.ended)?.error?.message).toBe("nobody there");
  });

  it("is never left without an opening of its own, in whatever order those of others end", () => {
    const { dials, all } = asked(3);
    // The last to be asked for stands first; it is not given to one whose own opening then fails.
    dials[2]?.open();
    dials[0]?.fail(new Error("nobody there"));
    dials[1]?.fail(new Error("nobody there"));
    expect(all.map(({ hasEnded }) => hasEnded)).toEqual([true, true, false]);
    expect(dials[2]?.written).toHaveLength(1);
  });

  it("takes an opening that nobody waits for any more", async () => {
    const { dials, all, one } = asked(2);
    dials[0]?.open();
    dials[0]?.respond(OK);
    await settle();
    const third = one();
    dials[1]?.open();
    expect([dials[1]?.written.length, dials.length]).toEqual([1, 3]);
    dials[1]?.respond(OK);
    expect(await third.ended).toMatchObject({ status: 200 });
    expect(all[0]?.hasEnded).toBe(true);
  });

  it("that is not wanted any more is passed over, and the connection is kept for the next", () => {
    const { connect, dials } = byHand();
    const pools = new ConnectionPools({ connect, maxPools: 10 });
    pools.send(ORIGIN, new Asking(ORIGIN, { begin: () => undefined }));
    dials[0]?.open();
    expect(dials[0]?.written).toEqual([]);
    pools.send(ORIGIN, new Asking(ORIGIN));
    expect([dials[0]?.written.length, dials.length]).toEqual([1, 1]);
  });

  it("whose request cannot be made fails alone", async () => {
    const { connect, dials } = byHand();
    const pools = new ConnectionPools({ connect, maxPools: 10 });
    const broken = new Asking(ORIGIN, {
      begin: () => {
        throw new Error("no key");
      },
    });
    pools.send(ORIGIN, broken);
    dials[0]?.open();
    expect((await broken.ended).error?.message).toBe("no key");
    pools.send(ORIGIN, new Asking(ORIGIN));
    expect([dials[0]?.written.length, dials.length]).toEqual([1, 1]);
  });

  it("whose request cannot be made, and that gives its connection up for it, does not leave it to others", async () => {
    const { connect, dials } = byHand();
    const pools = new ConnectionPools({ connect, maxPools: 10 });
    const broken: Asking = new Asking(ORIGIN, {
      begin: () => {
        broken.connection?.giveUp();
        throw new Error("no key");
      },
    });
    pools.send(ORIGIN, broken);
    dials[0]?.open();
    expect([(await broken.ended).error?.message, dials[0]?.isDestroyed, pools.size]).toEqual(["no key", true, 0]);
    pools.send(ORIGIN, new Asking(ORIGIN));
    expect(dials).toHaveLength(2);
  });
});

describe("a connection", () => {
  it.each([
    ["rests in the turn in which its answer came", 0, 2],
    ["rests in the turn after that too, in which its end would be seen", 1, 2],
    ["is used again from then on", 2, 1],
  ])("%s", async (_, turns, opened) => {
    const { dials, all, one } = asked(1);
    dials[0]?.open();
    dials[0]?.respond(OK);
    await all[0]?.ended;
    await settle(turns);
    one();
    expect(dials).toHaveLength(opened);
  });

  it("that was used last is used next, so that the others grow old", async () => {
    const { dials, one } = asked(3);
    for (const dial of dials) dial.open();
    dials[1]?.respond(OK);
    await settle();
    dials[0]?.respond(OK);
    dials[2]?.respond(OK);
    await settle();
    one();
    expect(dials.map(({ written }) => written.length)).toEqual([1, 1, 2]);
  });

  it.each([
    ["timeout=5", 2999, 1],
    ["timeout=5", 3000, 2],
    ["timeout=600", 3999, 1],
    ["timeout=600", 4000, 2],
    ["timeout=2", 0, 2],
    ["timeout=1", 0, 2],
  ])("whose server keeps it by %s is used after %i ms or not: %i opened", async (hint, afterMs, opened) => {
    let now = 0;
    const { dials, one, pools } = asked(1, { now: () => now });
    dials[0]?.open();
    dials[0]?.respond(`HTTP/1.1 200 OK\r\nkeep-alive: ${hint}\r\ncontent-length: 0\r\n\r\n`);
    await settle();
    now = afterMs;
    one();
    expect([dials.length, dials[0]?.isDestroyed]).toEqual([opened, opened === 2]);
    expect(pools.size).toBe(1);
  });

  it.each([
    ["says that it closes it", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"],
    ["says more than the answer", `${OK}HTTP/1.1 200 OK\r\n\r\n`],
    ["says a line more than the answer", `${OK}\r\n`],
    ["speaks HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"],
    ["says that 204 has a body", "HTTP/1.1 204 None\r\ncontent-length: 2\r\n\r\n"],
  ])("whose server %s is not used again, though its response is whole", async (_, response) => {
    const { dials, all, one } = asked(1);
    dials[0]?.open();
    dials[0]?.respond(response);
    expect((await all[0]?.ended)?.error).toBeUndefined();
    expect(dials[0]?.isDestroyed).toBe(true);
    await settle();
    one();
    expect([dials.length, dials[0]?.written.length]).toEqual([2, 1]);
  });

  it.each([
    ["as it rests", 0],
    ["as it is idle", 5],
  ])("whose server speaks %s is not used again", async (_, turns) => {
    const { dials, one, pools } = asked(1);
    dials[0]?.open();
    dials[0]?.respond(OK);
    await settle(turns);
    dials[0]?.respond(OK);
    expect([dials[0]?.isDestroyed, pools.size]).toEqual([true, 0]);
    await settle();
    one();
    expect([dials.length, dials[0]?.written.length]).toEqual([2, 1]);
  });

  it("whose server speaks before it stands fails the exchange that it was opened for", async () => {
    const { dials, all, pools } = asked(1);
    dials[0]?.respond(OK);
    expect(all[0]?.hasEnded).toBe(false);
    dials[0]?.open();
    expect((await all[0]?.ended)?.error?.code).toBe("CLOSED_EARLY");
    expect([dials[0]?.written, dials[0]?.isDestroyed, pools.size]).toEqual([[], true, 0]);
  });
});

describe("an exchange that is not wanted any more", () => {
  it("takes the opening of its connection with it, and says how far that had come", () => {
    const { pools, dials, all } = asked(2);
    expect(pools.withdraw(ORIGIN, all[0] as Asking)).toBe("connecting");
    expect(dials.map(({ isAbandoned }) => isAbandoned)).toEqual([true, false]);
    expect(pools.withdraw(ORIGIN, all[0] as Asking)).toBeUndefined();
    pools.withdraw(ORIGIN, all[1] as Asking);
    expect(pools.size).toBe(0);
  });

  it("leaves each other that waits its own, in whatever order they were asked for", async () => {
    const { pools, dials, all } = asked(3);
    pools.withdraw(ORIGIN, all[1] as Asking);
    dials[2]?.open();
    dials[0]?.fail(new Error("nobody there"));
    expect(all.map(({ hasEnded }) => hasEnded)).toEqual([true, false, false]);
    expect(dials[2]?.written).toHaveLength(1);
    dials[2]?.respond(OK);
    expect(await all[2]?.ended).toMatchObject({ status: 200 });
  });

  it("that is under way already keeps its connection", () => {
    const { pools, dials, all } = asked(1);
    dials[0]?.open();
    expect(pools.withdraw(ORIGIN, all[0] as Asking)).toBeUndefined();
    expect(dials[0]?.isDestroyed).toBe(false);
  });
});
