import { SocialMessagingClient } from "@aws-sdk/client-socialmessaging";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import type { ChannelOf } from "../../../core/channels/channel.ts";
import type { Template } from "../../../core/channels/templates/template.ts";
import { WhatsAppSender } from "../../../core/channels/whatsapp-sender.ts";
import { LIMITS, messageFor, wordOf } from "./channel-message.ts";
import { jsonError, ServiceServer } from "./service-server.ts";

const LONG_MS = 30_000;
const PHONE_NUMBER_ID = `phone-number-id-${"0".repeat(32)}`;
const CHANNEL: ChannelOf<"whatsapp"> = { id: "wa", kind: "whatsapp", to: "payload.phone", template: "paid" };

let server: ServiceServer;
beforeAll(async () => {
  server = await ServiceServer.start();
});
beforeEach(() => {
  server.asked.length = 0;
  server.behaviour = { status: 200, body: JSON.stringify({ messageId: "wa-7" }) };
});
afterAll(() => server.close());

function sender(parameters: readonly string[] = ["{{amount}}", "{{currency}}"]): WhatsAppSender {
  const content = { kind: "whatsapp", parameters } as const;
  const template: Template = { kind: "whatsapp", name: "paid", language: "es-MX", content };
  return new WhatsAppSender({
    phoneNumberId: PHONE_NUMBER_ID,
    templates: { find: ({ name }) => Promise.resolve(name === "paid" ? template : undefined) },
    client: boundedClient(SocialMessagingClient, LIMITS, server.connection),
  });
}

const send = (made = sender(), deadlineMs = LONG_MS) => made.send(messageFor(CHANNEL), deadlineMs);

function sentMessage(): Record<string, unknown> {
  const { message } = JSON.parse(server.asked[0]?.body ?? "{}") as { message: string };
  return JSON.parse(Buffer.from(message, "base64").toString()) as Record<string, unknown>;
}

describe("a WhatsApp message", () => {
  it("is the approved template with its parameters, and nothing else", async () => {
    expect(await send()).toMatchObject({ kind: "outcome", messageId: "wa-7" });
    expect(server.asked[0]?.path).toBe("/v1/whatsapp/send");
    expect(JSON.parse(server.asked[0]?.body ?? "{}")).toMatchObject({
      originationPhoneNumberId: PHONE_NUMBER_ID,
      metaApiVersion: "v20.0",
    });
    expect(sentMessage()).toStrictEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "+525512345678",
      biz_opaque_callback_data: "intent-1",
      type: "template",
      template: {
        name: "paid",
        language: { code: "es_MX" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "12.50" },
              { type: "text", text: "MXN" },
            ],
          },
        ],
      },
    });
  });

  it("without parameters has no components", async () => {
    await send(sender([]));
    expect(sentMessage()["template"]).toStrictEqual({ name: "paid", language: { code: "es_MX" } });
  });

  it("with a new line in a parameter asks nobody", async () => {
    expect(wordOf(await send(sender(["{{amount}}\n{{currency}}"])))).toBe("template");
    expect(server.asked).toHaveLength(0);
  });

  it.each([
    ["InvalidParametersException", 400, "(#131026) Message undeliverable", "recipient"],
    ["InvalidParametersException", 400, "(#132001) Template name does not exist", "template"],
    ["InvalidParametersException", 400, "(#132015) Template is paused", "template"],
    ["InvalidParametersException", 400, "something else", "template"],
    ["ValidationException", 400, "no such version", "template"],
    ["DependencyException", 502, "(#131056) pair rate limit hit", "not sent"],
    ["DependencyException", 502, "(#131042) payment issue", "not sent"],
    ["DependencyException", 502, "no answer", "uncertain"],
    ["AccessDeniedException", 403, "no", "not sent"],
    ["ResourceNotFoundException", 404, "no such phone number", "not sent"],
    ["ThrottledRequestException", 429, "slower", "service"],
    ["InternalServiceException", 500, "unknown", "service"],
  ])("that is answered with %s (%i) %s: %s", async (name, status, message, word) => {
    server.behaviour = jsonError(name, status, { message });
    expect(wordOf(await send())).toBe(word);
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ["nothing until the deadline", "hang" as const, 300],
    ["the end of the connection", "cut" as const, LONG_MS],
  ])("that is answered with %s may have been sent", async (_, behaviour, deadlineMs) => {
    server.behaviour = behaviour;
    expect(wordOf(await send(sender(), deadlineMs))).toBe("uncertain");
  });
});
