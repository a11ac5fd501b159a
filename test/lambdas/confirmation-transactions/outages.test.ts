import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { text } from "../../support/rows.ts";
import { until } from "../../support/until.ts";
import { MerchantServer } from "../../flow/merchant-server.ts";
import { startMerchant } from "../../support/merchant-server.ts";
import { type Received, type SmallAccount, startSmallAccount, untilReceived } from "./small-account.ts";
import { patienceMs } from "../../support/machine-speed.ts";

let account: SmallAccount;
let merchant: MerchantServer;
let count = 0;
/** Each test has ids of its own. */
let own = "";

beforeAll(async () => {
  account = await startSmallAccount();
  merchant = await MerchantServer.start();
});
afterAll(async () => {
  await merchant.stop();
  await account.stop();
});
beforeEach(async () => {
  own = `o${(count += 1)}`;
  await account.register(own, merchant.url(`/${own}`));
  account.refused.clear();
});

const stateOf = async (id: string) => (await account.row(id))["confirmationState"];
const webhookIds = () => merchant.to(`/${own}`).map(({ headers }) => headers["webhook-id"]);

async function untilConfirmed(id: string, environment: ReturnType<SmallAccount["environment"]>): Promise<void> {
  while ((await stateOf(id))?.S !== "CONFIRMED") await invokeAndGiveBack(environment, await untilReceived(account));
}

/** Without the wait that was set, which is held elsewhere. */
async function invokeAndGiveBack(environment: ReturnType<SmallAccount["environment"]>, received: Received) {
  const left = await environment.invoke(received);
  if (left.length > 0) await visibleAgain(received);
}

describe("a table that takes no writes", () => {
  it("costs what was delivered one more call, and nothing else is called before it takes them again", async () => {
    const environment = account.environment({ env: { deadlineMs: 500 } });
    await account.insert(`${own}-1`, own);
    const first = await account.receive();
    account.refused.add("BatchExecuteStatement");
    expect(await environment.invoke(first, 15_000)).toEqual([first.messages[0]?.MessageId]);
    expect(webhookIds()).toHaveLength(1);
    await account.insert(`${own}-2`, own);
    const second = await account.receive();
    expect(await environment.invoke(second)).toEqual(second.messages.map(({ MessageId }) => MessageId));
    expect(webhookIds()).toHaveLength(1);
    account.refused.clear();
    await visibleAgain(first);
    await visibleAgain(second);
    await untilConfirmed(`${own}-1`, environment);
    await untilConfirmed(`${own}-2`, environment);
    const [id, ...others] = webhookIds();
    expect(others).toHaveLength(2);
    expect(others.filter((other) => other === id)).toHaveLength(1);
  });
});

describe("tables that cannot be read", () => {
  it(
    "cost messages no attempt and no record, and after a few reads no read either",
    async () => {
      const environment = account.environment();
      await account.insert(`${own}-1`, own);
      account.refused.add("BatchGetItem");
      for (let round = 0; round < 3; round += 1) await invokeAndGiveBack(environment, await untilReceived(account));
      expect(webhookIds()).toEqual([]);
      account.refused.clear();
      await untilConfirmed(`${own}-1`, environment);
      expect(webhookIds()).toHaveLength(1);
    },
    patienceMs(120_000),
  );
});

describe("master keys that cannot be had", () => {
  it("hold a batch back rather than let it fail, and are asked for again with the next", async () => {
    let isThere = false;
    const masterKeys = async () => {
      if (!isThere) throw new Error("AccessDeniedException");
      return account.masterKeys;
    };
    const environment = account.environment({ masterKeys });
    await account.insert(`${own}-1`, own);
    const received = await account.receive();
    expect(await environment.invoke(received)).toEqual([received.messages[0]?.MessageId]);
    expect((await account.receive()).messages).toEqual([]);
    isThere = true;
    await visibleAgain(received);
    await untilConfirmed(`${own}-1`, environment);
  });
});

describe("an execution that is killed", () => {
  it("loses nothing: what it recorded is not called again, and what it called is, once its lease is over", async () => {
    const silence = Promise.withResolvers<number>();
    await account.register(`${own}-quiet`, merchant.url(`/${own}-quiet`));
    merchant.respond(`/${own}-quiet`, () => silence.promise);
    await account.insert(`${own}-1`, own);
    await account.insert(`${own}-2`, `${own}-quiet`);
    const received = await account.receive();
    void account.environment().invoke(received);
    await until(() => merchant.to(`/${own}-quiet`).length === 1);
    while ((await stateOf(`${own}-1`))?.S !== "CONFIRMED");
    await visibleAgain(received);
    // Nobody knows yet that it was killed: its merchant's share is still taken.
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect(merchant.to(`/${own}`)).toHaveLength(1);
    expect(await account.row(`${own}-2`)).toMatchObject({
      confirmationState: text("SCHEDULED"),
      waitingFor: text("no room"),
    });
    silence.resolve(204);
  });
});

async function visibleAgain({ messages }: Received): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout: 0,
  }));
  const QueueUrl = account.urlOf("confirmations.fifo");
  await account.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
}

describe("an execution environment that was frozen", () => {
  it("uses no connection again that was idle meanwhile, though its monotonic clock stood still", async () => {
    let frozenMs = 0;
    const clocks = { now: () => Date.now() + frozenMs, monotonicMs: () => performance.now() };
    const server = await startMerchant((response) => response.writeHead(204).end());
    await account.register(own, `${server.origin}/`);
    const environment = account.environment({ clocks });
    const call = async (id: string) => {
      await account.insert(id, own);
      await environment.invoke(await account.receive());
    };
    await call(`${own}-1`);
    frozenMs = 30_000;
    await call(`${own}-2`);
    expect(server.deliveries).toHaveLength(2);
    expect(server.opened).toHaveLength(2);
    await server.stop();
  });
});
