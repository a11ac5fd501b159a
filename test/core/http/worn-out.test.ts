/**
 * No connection is used for ever, however busy: it is closed at an age or after so many requests, and the next one asks
 * for the address anew. And none is closed for nothing.
 */
import { describe, expect, it } from "@jest/globals";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { settle } from "../../support/until.ts";
import { Asking } from "./asked.ts";
import { byHand, type HandMade } from "./connecting.ts";

const ORIGIN = "http://merchant.example";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const HALF_SECOND_MS = 500;
const MINUTE_MS = 60_000;

function bench(random: () => number) {
  const clock = new FakeClock();
  const { connect, dials } = byHand();
  const pools = new ConnectionPools({ connect, maxPools: 10, now: clock.now, random });
  /** @returns the connection that it went out on */
  const call = async (): Promise<HandMade> => {
    const before = dials.length;
    const writtenBefore = dials.map(({ written }) => written.length);
    const asking = new Asking(ORIGIN);
    pools.send(ORIGIN, asking);
    if (dials.length > before) dials.at(-1)?.open();
    const used = dials.find(({ written }, index) => written.length > (writtenBefore[index] ?? 0)) as HandMade;
    used.respond(OK);
    await asking.ended;
    await settle(3);
    return used;
  };
  return { call, clock, dials, pools };
}

describe("a connection that is called twice a second", () => {
  it.each([
    [0, 60],
    [0.5, 45],
    [0.999_999, 30],
  ])("is followed by another after a minute at most, spread by chance: %d", async (random, seconds) => {
    const { call, clock, dials, pools } = bench(() => random);
    const ages: number[] = [];
    let openedAt = clock.now();
    while (clock.now() - openedAt <= 2 * MINUTE_MS && ages.length < 2) {
      const before = dials.length;
      await call();
      if (dials.length > before) {
        if (before > 0) ages.push((clock.now() - openedAt) / 1000);
        openedAt = clock.now();
      }
      clock.advance(HALF_SECOND_MS);
    }
    expect(ages.map((age) => Math.floor(age))).toEqual([seconds, seconds]);
    expect(dials.slice(0, -1).map(({ isDestroyed }) => isDestroyed)).toEqual([true, true]);
    pools.close();
  });
});

it("a connection is followed by another after 5,000 to 10,000 requests", async () => {
  for (const [random, most] of [
    [0, 10_000],
    [0.999_999, 5001],
  ] as const) {
    const { call, dials, pools } = bench(() => random);
    for (let nth = 0; nth < most; nth += 1) await call();
    expect([dials.length, dials[0]?.isDestroyed]).toEqual([1, true]);
    await call();
    expect(dials).toHaveLength(2);
    pools.close();
  }
});

it("those that are too old make room, and the younger ones are used on", async () => {
  let random = 0.999_999;
  const { clock, dials, pools } = bench(() => random);
  const both = [new Asking(ORIGIN), new Asking(ORIGIN)];
  for (const asking of both) {
    pools.send(ORIGIN, asking);
    dials.at(-1)?.open();
    random = 0;
  }
  clock.advance(29_000);
  // The older one comes free last, so that it would be the next to be used.
  dials[1]?.respond(OK);
  await settle(3);
  dials[0]?.respond(OK);
  await settle(3);
  clock.advance(1500);
  const next = new Asking(ORIGIN);
  pools.send(ORIGIN, next);
  expect(dials).toHaveLength(2);
  expect([dials[0]?.isDestroyed, dials[1]?.isDestroyed, dials[1]?.written.length]).toEqual([true, false, 2]);
  pools.close();
});

describe("a connection whose response came before its write was said to be done", () => {
  it("is used on, as TLS says so a turn later", async () => {
    const { call, dials, pools } = bench(() => 0);
    await call();
    const asking = new Asking(ORIGIN);
    pools.send(ORIGIN, asking);
    const [dial] = dials as [HandMade];
    dial.unwritten = 100;
    dial.respond(OK);
    expect(await asking.ended).toMatchObject({ status: 200 });
    dial.unwritten = 0;
    await settle(3);
    await call();
    expect([dials.length, dial.isDestroyed, dial.written.length]).toEqual([1, false, 3]);
    pools.close();
  });

  it("is not used on where the request is not out of the door even then", async () => {
    const { dials, pools } = bench(() => 0);
    const asking = new Asking(ORIGIN);
    pools.send(ORIGIN, asking);
    const [dial] = dials as [HandMade];
    dial.open();
    dial.unwritten = 100;
    dial.respond(OK);
    expect(await asking.ended).toMatchObject({ status: 200 });
    await settle(3);
    expect([dial.isDestroyed, pools.size]).toEqual([true, 0]);
  });
});
