import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { ONCE, WORKER_LIMITS } from "../../../core/aws/call-limits.ts";
import { EmailSender, type EmailSenderOptions } from "../../../core/channels/email-sender.ts";
import type { ChannelMessage } from "../../../core/channels/channel-sender.ts";
import type { ChannelOf } from "../../../core/channels/channel.ts";
import { asciiAddress, isEmailAddress } from "../../../core/channels/email-address.ts";
import { addressOf } from "../../../core/channels/address-of.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { until } from "../../support/until.ts";
import { jsonError, ServiceServer } from "./service-server.ts";

const LONG_MS = 30_000;
const HOUR_MS = 3_600_000;

/** Plays SES. */
let ses: ServiceServer;
beforeAll(async () => {
  ses = await ServiceServer.start();
});
beforeEach(() => {
  ses.asked.length = 0;
  ses.behaviour = { status: 200, body: JSON.stringify({ MessageId: "m-1" }) };
});
afterAll(() => ses.close());

const bodies = () => ses.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const sender = (more: Partial<EmailSenderOptions> = {}, endpoint = ses.connection.endpoint) =>
  new EmailSender({
    from: "Acme <confirmations@acme.example>",
    configurationSetName: "receipts",
    templates: {
      find: (name, language = "en") =>
        Promise.resolve({
          ...name,
          kind: "email",
          language,
          content: { kind: "email", subject: "Paid {{amount}}", text: "t {{amount}}", html: "<p>{{amount}}</p>" },
        }),
    },
    makeClient: () =>
      boundedClient(SESv2Client, { ...WORKER_LIMITS, attemptMs: HOUR_MS, ...ONCE }, { ...ses.connection, endpoint }),
    ...more,
  });

const message = (to = "ana@acme.example"): ChannelMessage<ChannelOf<"email">> => ({
  channel: { id: "mail", kind: "email", to, template: "receipt", language: "es" },
  merchantId: "acme",
  transaction: {
    transactionId: "t-1",
    version: 3,
    merchantId: "acme",
    outcome: "APPROVED",
    amount: "12.50",
    currency: "EUR",
    occurredAt: "2026-01-31T12:00:00Z",
    payload: { customer: { M: { mail: { S: " bea@acme.example " }, tags: { L: [] } } } },
  },
  webhookId: "msg_1",
  body: "{}",
  intentId: "dC0x-3-abc",
  steps: [],
});
const send = (to?: string, deadlineMs = LONG_MS) => sender().send(message(to), deadlineMs);
const refusing = (name: string, text: string, status = 400) => {
  ses.behaviour = jsonError(name, status, { message: text });
  return send();
};

describe("a mail", () => {
  it("is sent once, with its parts, its tag and the configuration set of receipts", async () => {
    expect(await send()).toEqual({
      kind: "outcome",
      outcome: { kind: "delivered", status: 200 },
      messageId: "m-1",
    });
    expect(ses.asked.map(({ path }) => path)).toEqual(["/v2/email/outbound-emails"]);
    expect(bodies()).toEqual([
      {
        FromEmailAddress: "Acme <confirmations@acme.example>",
        Destination: { ToAddresses: ["ana@acme.example"] },
        Content: {
          Simple: {
            Subject: { Data: "Paid 12.50", Charset: "UTF-8" },
            Body: {
              Text: { Data: "t 12.50", Charset: "UTF-8" },
              Html: { Data: "<p>12.50</p>", Charset: "UTF-8" },
            },
          },
        },
        EmailTags: [{ Name: "confirmation-intent", Value: "dC0x-3-abc" }],
        ConfigurationSetName: "receipts",
      },
    ]);
  });

  it("goes to the address that the payload has, and to nobody where it has none", async () => {
    expect((await send("payload.customer.mail")).kind).toBe("outcome");
    expect(bodies()[0]).toMatchObject({ Destination: { ToAddresses: ["bea@acme.example"] } });
    for (const to of ["payload.customer.phone", "payload.customer", "payload.constructor.name", "ana@acme"])
      expect(await send(to)).toMatchObject({ outcome: { kind: "failed", class: "recipient" } });
    expect(ses.asked).toHaveLength(1);
  });

  it("has a connection of its own, so that none is used that SES closes in that moment", async () => {
    const [one, before] = [sender(), ses.connections];
    await one.send(message(), LONG_MS);
    await one.send(message(), LONG_MS);
    expect(ses.connections - before).toBe(2);
  });

  it("makes its client with the first mail, and one for all", async () => {
    let made = 0;
    const one = sender({
      makeClient: () => {
        made += 1;
        return { send: () => Promise.resolve({ MessageId: "m" }) } as never;
      },
    });
    expect(made).toBe(0);
    await one.send(message(), LONG_MS);
    await one.send(message(), LONG_MS);
    expect(made).toBe(1);
  });
});

describe("a mail that SES does not take", () => {
  it.each([
    ["SendingPausedException", "Sending paused for this account.", 400, 300],
    ["AccountSuspendedException", "The account is suspended", 400, 300],
    ["MailFromDomainNotVerifiedException", "not verified", 400, 300],
    ["NotFoundException", "Configuration set <receipts> does not exist.", 404, 300],
    ["AccessDeniedException", "not authorized to perform ses:SendEmail", 403, 300],
    ["ExpiredTokenException", "The security token included in the request is expired", 403, 300],
    ["MessageRejected", "Email address is not verified. The following identities failed the check", 400, 300],
    ["TooManyRequestsException", "Maximum sending rate exceeded.", 429, 10],
    ["TooManyRequestsException", "Daily message quota exceeded.", 429, 900],
    ["LimitExceededException", "Maximum 24 hour send quota exceeded", 400, 900],
  ])("waits, as it is our account's: %s, %s", async (name, text, status, waitSeconds) => {
    expect(await refusing(name, text, status)).toEqual({
      kind: "not sent",
      error: `SES says ${name}: ${text}`,
      waitSeconds,
    });
  });

  it.each([
    ["BadRequestException", "Illegal address", 400, "recipient"],
    ["BadRequestException", "Local address contains control or whitespace", 400, "recipient"],
    ["BadRequestException", "Missing final '@domain'", 400, "recipient"],
    ["BadRequestException", "Domain contains illegal character", 400, "recipient"],
    ["BadRequestException", "Simple message is missing body", 400, "template"],
    ["MessageRejected", "Message contains a virus", 400, "template"],
    ["InternalServiceErrorException", "try again", 500, "service"],
    ["ServiceUnavailableException", "try again", 503, "service"],
  ])("has failed by whose fault it is: %s, %s", async (name, text, status, failureClass) => {
    expect(await refusing(name, text, status)).toEqual({
      kind: "outcome",
      outcome: { kind: "failed", class: failureClass, error: `SES says ${name}: ${text}` },
    });
  });
});

describe("the address in what SES says", () => {
  it("is told as far as it tells one from another", async () => {
    const said = "Email address is not verified. The following identities failed the check in region EU-WEST-1: ";
    expect(await refusing("MessageRejected", `${said}ana@acme.example`)).toMatchObject({
      kind: "not sent",
      error: `SES says MessageRejected: ${said}a…@acme.example`,
    });
  });
});

describe("a mail of which SES says nothing", () => {
  it("was not sent where nobody could be dialled", async () => {
    const outcome = await sender({}, "http://127.0.0.1:9").send(message(), LONG_MS);
    expect(outcome).toMatchObject({ outcome: { kind: "failed", class: "service" } });
  });

  it.each([
    ["the connection breaks off", "cut" as const, LONG_MS],
    ["no response comes in time", "hang" as const, patienceMs(500)],
    ["something in between responds", { status: 502, body: "<html>bad gateway</html>" }, LONG_MS],
  ])("may have been sent once it was written: %s", async (_, behaviour, deadlineMs) => {
    ses.behaviour = behaviour;
    expect(await send(undefined, deadlineMs)).toMatchObject({ kind: "uncertain" });
    await until(() => ses.asked.length > 0);
    expect(ses.asked).toHaveLength(1);
  });

  it("may have been sent where what comes is no response", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("nonsense\r\n\r\n"));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const outcome = await sender({}, `http://127.0.0.1:${port}`).send(message(), LONG_MS);
    await new Promise((done) => server.close(done));
    expect(outcome).toMatchObject({ kind: "uncertain" });
  });

  it("has as much time as its template left of the deadline", async () => {
    let skippedMs = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, "now").mockImplementation(() => now() + skippedMs);
    const find: EmailSenderOptions["templates"]["find"] = async (name) => {
      skippedMs = HOUR_MS;
      return { ...name, kind: "email", language: "en", content: { kind: "email", subject: "s", text: "t" } };
    };
    const untilAborted = (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal.addEventListener("abort", () => reject(abortSignal.reason as Error));
      });
    const one = sender({ templates: { find }, makeClient: () => ({ send: untilAborted }) as never });
    expect(await one.send(message(), HOUR_MS)).toMatchObject({ kind: "uncertain" });
    jest.restoreAllMocks();
  });
});

describe("an address", () => {
  it.each([
    "a@b.co",
    "first.last+tag@mail.acme.example",
    "o'neil@acme.example",
    "x_y-z@xn--bcher-kva.example",
    "ana@bücher.example",
    "payload.orders@shop.example",
    "a@例え.テスト",
  ])("is %s", (address) => {
    expect(isEmailAddress(address)).toBe(true);
  });

  it("has its domain in Punycode, as it is sent", async () => {
    expect(asciiAddress("Ana.L@BÜCHER.example")).toBe("Ana.L@xn--bcher-kva.example");
    await send("ana@bücher.example");
    expect(bodies()[0]).toMatchObject({ Destination: { ToAddresses: ["ana@xn--bcher-kva.example"] } });
  });

  it.each([
    "",
    "a",
    "a@b",
    "@b.co",
    "a@",
    "a@b..co",
    "a..b@c.co",
    ".a@b.co",
    "a.@b.co",
    "a b@c.co",
    "a@b.co,c@d.co",
    "A <a@b.co>",
    "a@b.co\r\nBcc: c@d.co",
    "ä@b.co",
    "a@-b.co",
    "a@127.0.0.10",
    "a@１２７.0.0.10",
    "a@b.c-",
    "a@bü cher.example",
    "a@bücher.example\nBcc: c@d.co",
    "a@bücher.example,c@d.co",
    "a@bücher.example/x@y.co",
    `${"a".repeat(65)}@b.co`,
  ])("is not %j", (address) => {
    expect(isEmailAddress(address)).toBe(false);
  });

  it("is the channel's own unless it names a member of the payload", () => {
    expect(addressOf("ana@acme.example", {})).toBe("ana@acme.example");
    expect(addressOf("payload.a", { payload: { a: { S: "" } } })).toBeUndefined();
  });

  it("that begins as a member of the payload does is an address all the same", () => {
    const payload = {
      "orders@shop": { M: { example: { S: "ana@acme.example" } } },
      "@id": { M: { mail: { S: "b" } } },
    };
    expect(addressOf("payload.orders@shop.example", { payload })).toBe("payload.orders@shop.example");
    // What is no address is a member as ever.
    expect(addressOf("payload.@id.mail", { payload })).toBe("b");
  });
});
