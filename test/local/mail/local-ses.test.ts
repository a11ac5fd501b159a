import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { SendEmailCommand, type SendEmailCommandInput, SESv2Client } from "@aws-sdk/client-sesv2";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { startControlServer, type ControlServer } from "../../../local/control/control-server.ts";
import { LocalSes } from "../../../local/mail/local-ses.ts";
import { startMailbox, type Mailbox } from "../../../local/mail/mailbox.ts";
import { readEvent } from "../../../lambdas/receive-receipts/read-event.ts";
import { until } from "../../support/until.ts";

const directory = mkdtempSync(join(tmpdir(), "mailbox-"));
const TOPIC = "arn:aws:sns:us-east-1:000000000000:confirmation-receipts";
const published: { readonly topicArn: string; readonly message: string }[] = [];
let mailbox: Mailbox;
let own: { readonly client: SESv2Client; stop(): Promise<void> };

/** SES of this machine behind its server, as the stack has it. */
async function sesWith(smtpUrl: string, submitMs?: number) {
  const ses = new LocalSes({
    smtpUrl,
    ...(submitMs !== undefined && { submitMs }),
    configurationSets: () => [
      { name: "receipts", destinations: [{ topicArn: TOPIC, types: ["delivery", "bounce", "complaint"] }] },
    ],
    publish: (topicArn, message) => Promise.resolve(published.push({ topicArn, message })),
    log: () => undefined,
  });
  const server: ControlServer = await startControlServer({
    port: 0,
    secrets: () => ({}),
    kmsKeys: () => [],
    queueAge: () => Promise.resolve(0),
    invoke: () => Promise.resolve(undefined),
    ses: (call) => ses.respond(call),
  });
  const client = new SESv2Client({
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
    // One that is kept may be closed in the moment in which it is used again.
    requestHandler: { httpAgent: { keepAlive: false } },
  });
  return {
    client,
    async stop() {
      client.destroy();
      await server.stop();
      await ses.stop();
    },
  };
}

beforeAll(async () => {
  mailbox = await startMailbox({ port: 0, directory });
  own = await sesWith(mailbox.smtpUrl);
});
afterAll(async () => {
  await own.stop();
  await mailbox.stop();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  published.length = 0;
});

const mail = (to: string, more: Partial<SendEmailCommandInput> = {}) =>
  new SendEmailCommand({
    FromEmailAddress: "Acme <confirmations@acme.example>",
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: { Data: "Pago de 12,50 €" },
        Body: { Text: { Data: "Gracias, Ángel" }, Html: { Data: "<p>Gracias</p>" } },
      },
    },
    EmailTags: [{ Name: "confirmation-intent", Value: "dC0x-3-abc" }],
    ConfigurationSetName: "receipts",
    ...more,
  });
const events = async (count: number) => {
  await until(() => published.length >= count);
  return published.map(({ message }) => JSON.parse(message) as Record<string, never>);
};
const files = (to: string) => readdirSync(directory).filter((name) => name.endsWith(`-${to}.eml`));

describe("a mail on this machine", () => {
  it("is a file in the mailbox, as any mail program reads it, and its receipt says that it arrived", async () => {
    const { MessageId } = await own.client.send(mail("ana@acme.example"));
    const [event] = await events(1);
    expect(event).toMatchObject({ eventType: "Delivery", mail: { messageId: MessageId } });
    expect(published[0]?.topicArn).toBe(TOPIC);
    const [file = ""] = files("ana@acme.example");
    const parsed = await simpleParser(readFileSync(join(directory, file)));
    expect(parsed).toMatchObject({
      subject: "Pago de 12,50 €",
      text: expect.stringContaining("Gracias, Ángel"),
      html: expect.stringContaining("<p>Gracias</p>"),
      messageId: `<${MessageId}@email.amazonses.com>`,
    });
    expect(parsed.from?.text).toContain("confirmations@acme.example");
    expect(readEvent(published[0]?.message ?? "", 7)).toEqual({
      kind: "receipts",
      channel: "email",
      receipts: [{ intentId: "dC0x-3-abc", result: { kind: "delivered", messageId: MessageId }, at: 7 }],
    });
  });

  it("has no receipts without a configuration set", async () => {
    await own.client.send(mail("bea@acme.example", { ConfigurationSetName: undefined }));
    await until(() => files("bea@acme.example").length === 1);
    expect(published).toEqual([]);
  });

  it.each([
    ["success@simulator.amazonses.com", ["Delivery"]],
    ["ooto@simulator.amazonses.com", ["Delivery"]],
    ["bounce+order1@simulator.amazonses.com", ["Bounce"]],
    ["complaint@simulator.amazonses.com", ["Delivery", "Complaint"]],
    ["suppressionlist@simulator.amazonses.com", ["Bounce"]],
  ])("for the simulator's %s comes to %j, and is handed to nobody", async (to, types) => {
    await own.client.send(mail(to));
    const told = await events(types.length);
    expect(told.map(({ eventType }) => eventType)).toEqual(types);
    expect(files(to)).toEqual([]);
    if (to.startsWith("bounce")) expect(told[0]).toMatchObject({ bounce: { bounceType: "Permanent" } });
    if (to.startsWith("suppression")) expect(told[0]).toMatchObject({ bounce: { bounceSubType: "Suppressed" } });
  });

  it.each([
    ["Illegal address", "BadRequestException", { Destination: { ToAddresses: ["a@b"] } }],
    ["Invalid tag", "BadRequestException", { EmailTags: [{ Name: "a", Value: "a.b" }] }],
    ["Invalid tag", "BadRequestException", { EmailTags: [{ Name: "a", Value: "x".repeat(257) }] }],
    ["FromEmailAddress", "BadRequestException", { FromEmailAddress: undefined }],
    ["seven-bit ASCII", "BadRequestException", { FromEmailAddress: "Café <a@acme.example>" }],
    ["does not exist", "NotFoundException", { ConfigurationSetName: "other" }],
  ] as const)("is refused as SES refuses it: %s", async (text, name, more) => {
    await expect(own.client.send(mail("ana@acme.example", more as object))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(text),
    });
  });
});

type SMTPServerOptions = NonNullable<ConstructorParameters<typeof SMTPServer>[0]>;

/** @param options of the server. @param use is given its URL */
async function behind(options: SMTPServerOptions, use: (smtpUrl: string) => Promise<void>) {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    closeTimeout: 50,
    ...options,
  });
  const listening = server.listen(0, "127.0.0.1");
  await new Promise((done) => listening.once("listening", done));
  const address = listening.address();
  try {
    await use(`smtp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
  } finally {
    await new Promise<void>((done) => server.close(done));
  }
}

describe("a mail that is larger than the mailbox takes", () => {
  it("bounces as too large, though its sender does not say so beforehand, and nothing of it is kept", async () => {
    const directoryOfLittle = mkdtempSync(join(tmpdir(), "small-mailbox-"));
    const mailboxOfLittle = await startMailbox({ port: 0, directory: directoryOfLittle, mostBytes: 2000 });
    const ses = await sesWith(mailboxOfLittle.smtpUrl);
    const content = { Simple: { Subject: { Data: "x" }, Body: { Text: { Data: "x".repeat(5000) } } } };
    await ses.client.send(mail("ana@acme.example", { Content: content }));
    const [event] = await events(1);
    expect(event).toMatchObject({
      eventType: "Bounce",
      bounce: { bounceSubType: "MessageTooLarge", bouncedRecipients: [{ status: "5.3.4" }] },
    });
    expect(readdirSync(directoryOfLittle)).toEqual([]);
    await ses.stop();
    await mailboxOfLittle.stop();
    rmSync(directoryOfLittle, { recursive: true });
  });
});

describe("an SMTP server that does not take a mail", () => {
  it("at first, as one that has a list of strangers, is tried again and has taken it", async () => {
    let tries = 0;
    const onRcptTo: SMTPServerOptions["onRcptTo"] = (_address, _session, done) => {
      tries += 1;
      if (tries > 1) return done();
      return done(Object.assign(new Error("4.7.1 try again later"), { responseCode: 451 }));
    };
    const onData: SMTPServerOptions["onData"] = (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done());
    };
    await behind({ onRcptTo, onData }, async (smtpUrl) => {
      const ses = await sesWith(smtpUrl);
      await ses.client.send(mail("ana@acme.example"));
      const [event] = await events(1);
      expect([event?.["eventType"], tries]).toEqual(["Delivery", 2]);
      await ses.stop();
    });
  });

  it("but says nothing has the mail bounce for the time being, and keeps nobody from stopping", async () => {
    await behind({ onRcptTo: () => undefined }, async (smtpUrl) => {
      const ses = await sesWith(smtpUrl, 50);
      await ses.client.send(mail("ana@acme.example"));
      const [event] = await events(1);
      expect(event).toMatchObject({ eventType: "Bounce", bounce: { bounceType: "Transient" } });
      await ses.stop();
      const patient = await sesWith(smtpUrl);
      await patient.client.send(mail("bea@acme.example"));
      await patient.stop();
    });
  });

  it.each([
    [550, "Permanent"],
    [451, "Transient"],
  ])("with %i has the mail bounce: %s", async (responseCode, bounceType) => {
    const onRcptTo: SMTPServerOptions["onRcptTo"] = (_address, _session, done) =>
      done(Object.assign(new Error("no such user"), { responseCode }));
    await behind({ onRcptTo }, async (smtpUrl) => {
      const ses = await sesWith(smtpUrl);
      await ses.client.send(mail("ana@acme.example"));
      const [event] = await events(1);
      expect(event).toMatchObject({ eventType: "Bounce", bounce: { bounceType } });
      await ses.stop();
    });
  });
});
