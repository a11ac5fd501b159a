import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { EGRESS_ID, parseEgressItem } from "../../../lambdas/confirmation-transactions/egress/egress-item.ts";
import { number, text } from "../../support/rows.ts";
import { MerchantServer } from "../../flow/merchant-server.ts";
import { type SmallAccount, startSmallAccount, untilReceived } from "./small-account.ts";

const SITES = 5;

let account: SmallAccount;
/** Each on a port of its own: five merchants that have nothing to do with each other. */
const merchants: MerchantServer[] = [];

beforeAll(async () => {
  account = await startSmallAccount();
  for (let site = 0; site < SITES; site += 1) {
    const merchant = await MerchantServer.start();
    merchants.push(merchant);
    await account.register(`e${site}`, merchant.url("/"));
  }
});
afterAll(async () => {
  await Promise.all(merchants.map((merchant) => merchant.stop()));
  await account.stop();
});

const egressItem = async () => parseEgressItem((await account.health(EGRESS_ID)) ?? {});

describe("a fault of our own way out", () => {
  it("is known by one silence of one merchant, whoever saw it, and by others without a call", async () => {
    for (let site = 0; site < SITES; site += 1) await account.insert(`before-${site}`, `e${site}`);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect((await egressItem()).reached.size).toBe(SITES);

    // Nobody is there any more, whom anybody calls.
    const ports = merchants.map(({ port }) => port);
    await Promise.all(merchants.map((merchant) => merchant.stop()));
    await account.insert("during-1", "e0");
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    const spared = { attemptCount: number(0), waitingFor: text("our egress"), confirmationState: text("SCHEDULED") };
    expect(await account.row("during-1")).toMatchObject(spared);
    expect(await account.health("e0")).toBeUndefined();
    expect((await egressItem()).faultyUntil).toBeGreaterThan(Date.now());

    await account.insert("during-2", "e1");
    const received = await account.receive();
    expect(await account.environment().invoke(received)).toEqual([received.messages[0]?.MessageId]);
    expect((await account.row("during-2"))["attemptCount"]).toBeUndefined();
    expect((await account.receive()).messages).toEqual([]);

    for (const [site, port] of ports.entries()) merchants[site] = await MerchantServer.start(port);
    let left: readonly string[] = ["during-2"];
    // One batch every few seconds finds out whether it is over.
    while (left.length > 0) left = await account.environment().invoke(await untilReceived(account));
    expect((await account.row("during-2"))["confirmationState"]).toEqual(text("CONFIRMED"));
    expect((await egressItem()).faultyUntil).toBeUndefined();
  });

  it("is none where one merchant is gone and others can be reached, though nobody was called here before", async () => {
    const { port } = merchants[0] as MerchantServer;
    await (merchants[0] as MerchantServer).stop();
    await account.insert("gone", "e0");
    const received = await account.receive();
    expect(await account.environment().invoke(received)).toEqual([received.messages[0]?.MessageId]);
    expect((await account.row("gone"))["attemptCount"]).toEqual(number(1));
    expect((await egressItem()).faultyUntil).toBeUndefined();
    merchants[0] = await MerchantServer.start(port);
  });
});
