import { describe, expect, it } from "@jest/globals";
import { BoundedWait } from "../../../../core/delivery/bounded-wait.ts";
import { AccessTokens, type Asked } from "../../../../core/delivery/oauth2/access-tokens.ts";
import type { OpenedOAuth2 } from "../../../../core/delivery/opened-connection.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const granted = (value: string, lifeMs = 600_000): Asked => ({ value, lifeMs });
const refused: Asked = { error: "the token server answered 401", isOurs: false };
const silence = async () => new Promise<never>(() => undefined);

function bench(window = 400) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const circuits: string[] = [];
  const warnings: unknown[] = [];
  const server: { ask: (merchantId: string) => Promise<Asked> } = {
    ask: async () => granted(`token ${asked.length}`),
  };
  const after = (ms: number, callBack: () => void) => clock.plan(clock.now() + ms, callBack);
  const wait = new BoundedWait({ window, after });
  const tokens = new AccessTokens({
    ask: async ({ merchantId }) => {
      asked.push(merchantId);
      return server.ask(merchantId);
    },
    wait,
    openCircuit: async (merchantId) => void circuits.push(merchantId),
    warn: (_, details) => void warnings.push(details),
    elapsedMs: clock.elapsedMs,
  });
  const tokenFor = (merchantId = "m-1") => tokens.tokenFor({ merchantId, name: merchantId } as OpenedOAuth2);
  return { clock, asked, circuits, warnings, server, wait, tokens, tokenFor };
}

const AWAY = { kind: "away" };
const BLAMED = { kind: "away", outcome: { kind: "failed" } };

describe("a merchant's token", () => {
  it("is asked for once, however many messages need it at once", async () => {
    const { asked, tokenFor } = bench();
    const got = await Promise.all([tokenFor(), tokenFor(), tokenFor()]);
    expect(got.map((token) => "value" in token && token.value)).toEqual(["token 1", "token 1", "token 1"]);
    expect(asked).toEqual(["m-1"]);
  });

  it("is kept until shortly before it ends, and the next one is asked for before that, by one message", async () => {
    const { clock, asked, server, tokenFor } = bench();
    await tokenFor();
    clock.advance(600_000 - 30_000 - 120_000 - 1);
    expect(await tokenFor()).toMatchObject({ value: "token 1" });
    expect(asked).toHaveLength(1);
    const next = Promise.withResolvers<Asked>();
    server.ask = () => next.promise;
    clock.advance(1);
    const used = [await tokenFor(), await tokenFor()];
    expect([used, asked.length]).toEqual([[tokenOf("token 1"), tokenOf("token 1")], 2]);
    next.resolve(granted("token 2"));
    await clock.pass(0);
    expect(await tokenFor()).toMatchObject({ value: "token 2" });
    expect(asked).toHaveLength(2);
  });

  it("is used to its end where the next one cannot be had, and the merchant is not blamed until then", async () => {
    const { clock, server, circuits, tokens, tokenFor } = bench();
    await tokenFor();
    server.ask = async () => refused;
    for (let second = 450; second < 569; second += 1) {
      clock.advance(second === 450 ? 450_000 : 1000);
      expect(await tokenFor()).toMatchObject({ value: "token 1" });
      expect(tokens.isResting("m-1")).toBe(false);
      await clock.pass(0);
    }
    expect(circuits).toEqual([]);
  });

  it("is had anew where its life is over, whatever its length", async () => {
    const { clock, asked, server, tokenFor } = bench();
    server.ask = async () => granted(`token ${asked.length}`, 1000);
    expect(await tokenFor()).toMatchObject({ value: "token 1" });
    clock.advance(900);
    expect(await tokenFor()).toMatchObject({ value: "token 2" });
  });

  it("is dropped when the webhook refuses it, and not the one that came in its place, for a minute", async () => {
    const { clock, asked, tokens, tokenFor } = bench();
    const refuse = async () => {
      const token = await tokenFor();
      if ("value" in token) tokens.refused(token);
    };
    await refuse();
    expect(await tokenFor()).toMatchObject({ value: "token 2" });
    await refuse();
    await refuse();
    expect(asked).toHaveLength(2);
    clock.advance(60_000);
    await refuse();
    expect(await tokenFor()).toMatchObject({ value: "token 3" });
  });

  it("is not dropped for the sake of one that was refused before", async () => {
    const { clock, asked, tokens, tokenFor } = bench();
    const first = await tokenFor();
    clock.advance(600_000);
    await tokenFor();
    if ("value" in first) tokens.refused(first);
    expect(await tokenFor()).toMatchObject({ value: "token 2" });
    expect(asked).toHaveLength(2);
  });
});

describe("a token server that fails", () => {
  it("is asked less and less often, and from the second time in a row on the merchant's circuit opens", async () => {
    const { clock, asked, circuits, warnings, server, tokenFor } = bench();
    server.ask = async () => refused;
    expect(await tokenFor()).toMatchObject(BLAMED);
    expect([await tokenFor(), circuits]).toEqual([{ kind: "away", error: "the token server answered 401" }, []]);
    for (let second = 0; second < 3600; second += 1) {
      clock.advance(1000);
      await tokenFor();
    }
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.length).toBeLessThan(80);
    expect(circuits).toHaveLength(asked.length - 1);
    expect(JSON.stringify(warnings)).not.toContain("secret");
  });

  it("says nothing about the merchant where our own network is at fault", async () => {
    const { clock, circuits, server, tokenFor } = bench();
    server.ask = async () => ({ error: "no connection", isOurs: true });
    for (let nth = 0; nth < 5; nth += 1) {
      expect(await tokenFor()).toEqual({ kind: "away", error: "no connection" });
      clock.advance(60_000);
    }
    expect(circuits).toEqual([]);
  });

  it("is forgiven as soon as there is a token", async () => {
    const { clock, circuits, server, tokens, tokenFor } = bench();
    server.ask = async () => refused;
    await tokenFor();
    expect(tokens.isResting("m-1")).toBe(true);
    server.ask = async () => granted("late", 100);
    clock.advance(1000);
    expect(await tokenFor()).toMatchObject({ value: "late" });
    server.ask = async () => refused;
    clock.advance(1000);
    await tokenFor();
    expect(circuits).toEqual([]);
  });
});

describe("a token server that is silent", () => {
  it("keeps a message for half a second, the others of its merchant for less, and is held against it", async () => {
    const { clock, asked, server, tokens, tokenFor } = bench();
    server.ask = silence;
    const waiting = tokenFor();
    await clock.pass(500);
    expect(await waiting).toMatchObject(BLAMED);
    expect([await tokenFor(), tokens.isResting("m-1"), asked.length]).toEqual([expect.objectContaining(AWAY), true, 1]);
  });

  it("keeps no more messages than a quarter of the places, and none of another merchant's", async () => {
    const { clock, server, wait, tokenFor } = bench();
    server.ask = async (merchantId) => (merchantId === "m-1" ? silence() : granted("other"));
    const waiting = Array.from({ length: 30 }, () => tokenFor());
    expect(wait.waiting).toBe(10);
    expect(await tokenFor("m-2")).toMatchObject({ value: "other" });
    await clock.pass(500);
    const kinds = (await Promise.all(waiting)).map((got) => ("outcome" in got ? "blamed" : "away"));
    expect([kinds.filter((kind) => kind === "blamed").length, kinds.length]).toEqual([10, 30]);
  });

  it("has its token for the next message where that comes late", async () => {
    const { clock, server, tokens, tokenFor } = bench();
    const late = Promise.withResolvers<Asked>();
    server.ask = () => late.promise;
    const waiting = tokenFor();
    await clock.pass(500);
    expect(await waiting).toMatchObject(AWAY);
    late.resolve(granted("late"));
    await clock.pass(0);
    expect(tokens.isResting("m-1")).toBe(false);
    expect(await tokenFor()).toMatchObject({ value: "late" });
  });

  it("is asked by no more than a hundred requests at once, of all that are", async () => {
    const { clock, asked, server, tokenFor } = bench(4000);
    server.ask = silence;
    const waiting = Array.from({ length: 150 }, (_, nth) => tokenFor(`m-${nth}`));
    expect(asked).toHaveLength(100);
    await clock.pass(500);
    await Promise.all(waiting);
  });
});

function tokenOf(value: string) {
  return expect.objectContaining({ value });
}
