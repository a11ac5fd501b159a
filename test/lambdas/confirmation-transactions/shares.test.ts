import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { number, text } from "../../support/rows.ts";
import { until } from "../../support/until.ts";
import { MerchantServer } from "../../flow/merchant-server.ts";
import { type SmallAccount, startSmallAccount } from "./small-account.ts";

let account: SmallAccount;
let merchant: MerchantServer;
const urlOf = (path: string) => `http://127.0.0.1:${merchant.port}/${path}`;
let count = 0;
/** Each test has ids of its own. */
let own = "";
/** Ends the silence of merchants, so that no test waits for a deadline that is not about one. */
let silence = Promise.withResolvers<number>();
const silent = () => silence.promise;

beforeAll(async () => {
  account = await startSmallAccount();
  merchant = await MerchantServer.start();
});
afterAll(async () => {
  await merchant.stop();
  await account.stop();
});
beforeEach(() => {
  own = `s${(count += 1)}`;
  silence = Promise.withResolvers<number>();
});
afterEach(() => silence.resolve(204));

async function registered(name: string, respond: Parameters<MerchantServer["respond"]>[1]): Promise<string> {
  const id = `${own}-${name}`;
  await account.register(id, urlOf(id));
  merchant.respond(`/${id}`, respond);
  return id;
}

const shareOf = async (merchantId: string) => (await account.health(`share of ${merchantId}`)) ?? {};
const leasesIn = (share: object) => Object.keys(share).filter((name) => name.startsWith("lease "));

describe("a merchant's share of the executions", () => {
  it("lets one execution wait for a silent merchant; the others turn away what is for it, untried", async () => {
    const quiet = await registered("quiet", silent);
    const healthy = await registered("healthy", () => 204);
    await account.insert(`${own}-1`, quiet);
    const held = account.environment().invoke(await account.receive());
    await until(() => merchant.to(`/${quiet}`).length === 1);
    await account.insert(`${own}-2`, quiet);
    await account.insert(`${own}-3`, healthy);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    const row = await account.row(`${own}-2`);
    expect(row).toMatchObject({ confirmationState: text("SCHEDULED"), waitingFor: text("no room") });
    expect(row["attemptCount"]).toEqual(number(0));
    expect((await account.row(`${own}-3`))["confirmationState"]).toEqual(text("CONFIRMED"));
    expect(merchant.to(`/${quiet}`)).toHaveLength(1);
    silence.resolve(204);
    expect(await held).toEqual([]);
    expect(leasesIn(await shareOf(quiet))).toEqual([]);
  });

  it("is all of them for one that responds quickly, which costs no write for each call", async () => {
    const id = await registered("quick", () => 204);
    const first = account.environment();
    await account.insert(`${own}-1`, id);
    expect(await first.invoke(await account.receive())).toEqual([]);
    const share = await shareOf(id);
    expect(share["quickAt"]).toBeDefined();
    let open = 0;
    const both = Promise.withResolvers<number>();
    merchant.respond(`/${id}`, () => {
      open += 1;
      if (open === 2) both.resolve(204);
      return both.promise;
    });
    await account.insert(`${own}-2`, id);
    const one = await account.receive();
    await account.insert(`${own}-3`, id);
    const other = await account.receive();
    const answered = await Promise.all([first.invoke(one), account.environment().invoke(other)]);
    expect(answered).toEqual([[], []]);
    expect(await shareOf(id)).toEqual(share);
  });

  it("shrinks at once when a call of a trusted merchant is late", async () => {
    const id = await registered("later-quiet", () => 204);
    const first = account.environment();
    await account.insert(`${own}-1`, id);
    await first.invoke(await account.receive());
    merchant.respond(`/${id}`, silent);
    await account.insert(`${own}-2`, id);
    const held = first.invoke(await account.receive());
    for (let share = await shareOf(id); share["quickAt"] !== undefined;) share = await shareOf(id);
    expect(leasesIn(await shareOf(id))).toHaveLength(1);
    // It responded lately: half of five executions.
    await account.insert(`${own}-3`, id);
    const heldToo = account.environment().invoke(await account.receive());
    await until(() => merchant.to(`/${id}`).length === 3);
    await account.insert(`${own}-4`, id);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect(await account.row(`${own}-4`)).toMatchObject({ waitingFor: text("no room") });
    silence.resolve(204);
    expect(await Promise.all([held, heldToo])).toEqual([[], []]);
    expect(leasesIn(await shareOf(id))).toEqual([]);
  });

  it("is a third of them for all together that failed more than once", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const open = new Set<string>();
    const quiet: string[] = [];
    for (const name of names)
      quiet.push(
        await registered(name, () => {
          open.add(name);
          return silence.promise;
        }),
      );
    const loops: Promise<unknown>[] = [];
    let held = 0;
    for (const [index, id] of quiet.entries()) {
      const Item = {
        merchantId: text(`share of ${id}`),
        version: number(2),
        unanswered: number(1),
        demerits: number(2),
      };
      await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: Item as never }));
      await account.insert(`${own}-${index}`, id);
      held += 1;
      loops.push(
        account
          .environment()
          .invoke(await account.receive())
          .then(() => (held -= 1)),
      );
    }
    // All but one of five find no room.
    await until(() => held === 1);
    expect(open.size).toBe(1);
    silence.resolve(204);
    await Promise.all(loops);
  });

  it("comes back by itself when its execution was killed", async () => {
    const id = await registered("killed", () => 204);
    const lease = { M: { since: number(Date.now() - 20_000), until: number(Date.now() - 1) } };
    const Item = { merchantId: text(`share of ${id}`), version: number(7), "lease gone": lease };
    await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: Item as never }));
    await account.insert(`${own}-1`, id);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect((await account.row(`${own}-1`))["confirmationState"]).toEqual(text("CONFIRMED"));
    expect(leasesIn(await shareOf(id))).toEqual([]);
  });

  it("waits a moment for a merchant that another execution has only begun to call, and does not park", async () => {
    const id = await registered("new", async (_, nth) => (nth === 1 ? silence.promise : 204));
    await account.insert(`${own}-1`, id);
    const first = account.environment().invoke(await account.receive());
    await until(() => merchant.to(`/${id}`).length === 1);
    await account.insert(`${own}-2`, id);
    const second = account.environment().invoke(await account.receive());
    silence.resolve(204);
    expect(await Promise.all([first, second])).toEqual([[], []]);
    expect((await account.row(`${own}-2`))["confirmationState"]).toEqual(text("CONFIRMED"));
  });

  it("opens the circuit for all executions once nobody answered ten calls in a row, whoever made them", async () => {
    const id = await registered("dead", () => 204);
    const Item = { merchantId: text(`share of ${id}`), version: number(20), unanswered: number(9) };
    await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: Item as never }));
    await account.register(id, "http://127.0.0.1:1/nobody");
    await account.insert(`${own}-1`, id);
    await account.environment().invoke(await account.receive());
    expect((await account.health(id))?.["circuitOpenUntil"]).toBeDefined();
    await account.insert(`${own}-2`, id);
    await account.environment().invoke(await account.receive());
    expect(await account.row(`${own}-2`)).toMatchObject({ waitingFor: text("circuit open") });
  });

  it("keeps one silent merchant of twenty from holding more than one of five executions at any time", async () => {
    let open = 0;
    let most = 0;
    const quiet = await registered("q", async () => {
      open += 1;
      most = Math.max(most, open);
      const status = await silence.promise;
      open -= 1;
      return status;
    });
    const healthy: string[] = [];
    for (let index = 0; index < 19; index += 1) healthy.push(await registered(`h${index}`, () => 204));
    // Known to respond quickly, however busy this machine is.
    for (const id of healthy) {
      const Item = { merchantId: text(`share of ${id}`), version: number(1), quickAt: number(Date.now()) };
      await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: Item as never }));
    }
    for (let index = 0; index < 60; index += 1)
      await account.insert(`${own}-${index}`, index % 6 === 0 ? quiet : (healthy[index % 19] as string));
    let waiting = 5;
    const loops = Array.from({ length: 5 }, async () => {
      const environment = account.environment();
      for (let received = await account.receive(); received.messages.length > 0; received = await account.receive())
        await environment.invoke(received);
      waiting -= 1;
    });
    // All but the one that waits for it have nothing left to do.
    await until(() => waiting <= 1);
    // Of one execution's window a merchant has a quarter.
    expect(most).toBeLessThanOrEqual(2);
    const left: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      if (index % 6 === 0) continue;
      const { confirmationState: state } = await account.row(`${own}-${index}`);
      if (state?.S !== "CONFIRMED") left.push(`${index}: ${state?.S}`);
    }
    expect(left).toEqual([]);
    silence.resolve(204);
    await Promise.all(loops);
  });

  it("is a tenth of them for the whole sandbox, one at least, and trusted or not live ones go before", async () => {
    const silentOne = await registered("dev-silent", silent);
    const other = await registered("dev-other", () => 204);
    const live = await registered("live", () => 204);
    for (const id of [silentOne, other]) await account.register(id, urlOf(id), { environment: text("sandbox") });
    await account.insert(`${own}-0`, other);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect((await account.row(`${own}-0`))["confirmationState"]).toEqual(text("CONFIRMED"));
    await account.insert(`${own}-1`, silentOne);
    const held = account.environment().invoke(await account.receive());
    await until(() => merchant.to(`/${silentOne}`).length === 1);
    await account.insert(`${own}-2`, other);
    await account.insert(`${own}-3`, live);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect(await account.row(`${own}-2`)).toMatchObject({ waitingFor: text("no room"), attemptCount: number(0) });
    expect((await account.row(`${own}-3`))["confirmationState"]).toEqual(text("CONFIRMED"));
    silence.resolve(204);
    expect(await held).toEqual([]);
    expect(leasesIn(await shareOf("* sandbox"))).toEqual([]);
  });
});
