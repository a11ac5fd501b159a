/**
 * `SendWhatsAppMessage` on this machine: the request is held against the service's model, the message in it against
 * what WhatsApp takes of templates, and what the number plays comes of it. Every template counts as approved.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SendWhatsAppMessageInput$ } from "@aws-sdk/client-socialmessaging";
import { z } from "zod";
import { type Call, type ControlResponse, refusal } from "../control/protocols.ts";
import { faultsOf } from "./check-input.ts";
import { type Play, playedBy } from "./played-number.ts";
import { whatsappEvent } from "./receipt-events.ts";
import type { SentMessages } from "./sent-messages.ts";

export interface LocalWhatsAppOptions {
  readonly sent: Pick<SentMessages, "add">;
  /** Publishes to the event destination of the business account. */
  readonly publish: (event: object) => Promise<void>;
  /** Milliseconds after which a number that plays it takes a message. */
  readonly lateMs: number;
}

const SERVICE_PATH = "/v1/whatsapp/";
const SEND_PATH = `${SERVICE_PATH}send`;

/** A message of a template (WhatsApp Cloud API Reference, "Messages"). */
const messageSchema = z.strictObject({
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.literal("individual").optional(),
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  type: z.literal("template"),
  template: z.strictObject({
    name: z.string().regex(/^[a-z0-9_-]{1,512}$/),
    language: z.strictObject({ code: z.string().regex(/^[a-z]{2,3}(?:_[A-Za-z]{2,4})*$/) }),
    components: z
      .array(
        z.strictObject({
          type: z.enum(["header", "body", "button"]),
          parameters: z.array(
            z.strictObject({
              type: z.literal("text"),
              text: z
                .string()
                .min(1)
                .max(1024)
                .regex(/^(?!.* {5})[^\r\n\t]+$/),
            }),
          ),
        }),
      )
      .optional(),
  }),
  biz_opaque_callback_data: z.string().max(512).optional(),
});

/** @returns undefined for a call of another service */
export function respondAsWhatsApp(
  { method, url, input }: Call,
  { sent, publish, lateMs }: LocalWhatsAppOptions,
): Promise<ControlResponse> | undefined {
  if (!url.pathname.startsWith(SERVICE_PATH)) return undefined;
  return respond();

  async function respond(): Promise<ControlResponse> {
    if (method !== "POST" || url.pathname !== SEND_PATH)
      return refusal(400, "UnknownOperationException", `${method} ${url.pathname} is not answered on this machine.`);
    const faults = faultsOf(SendWhatsAppMessageInput$, input);
    if (faults.length > 0) return refusal(400, "ValidationException", faults.join("; "));
    const message = messageIn(String(input["message"]));
    if (!message.success) {
      const said = message.error.issues.map(({ path, message: what }) => `${path.join(".")}: ${what}`).join("; ");
      return refusal(400, "InvalidParametersException", `(#100) Invalid parameter: ${said}`);
    }
    const { to, biz_opaque_callback_data: callbackData } = message.data;
    const messageId = randomUUID();
    const at = Date.now();
    const play = playedBy(to);
    const told = play.kind === "refused" ? `refused: ${play.why}` : play.kind;
    sent.add({ at, kind: "whatsapp", messageId, to, request: message.data, result: told });
    if (play.kind === "refused") return REFUSALS[play.why];
    if (play.kind === "says nothing") return new Promise<never>(() => undefined);
    if (play.kind === "takes late") await sleep(lateMs, undefined, { ref: false });
    if (play.kind !== "takes without receipt")
      void publish(whatsappEvent({ messageId, to, at, isDelivered: play.kind !== "does not arrive" }, callbackData));
    return { status: 200, body: { messageId }, headers: { "content-type": "application/json" } };
  }
}

function messageIn(base64: string) {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(base64, "base64").toString());
  } catch {
    value = undefined;
  }
  return messageSchema.safeParse(value);
}

const REFUSALS: Readonly<Record<Extract<Play, { readonly kind: "refused" }>["why"], ControlResponse>> = {
  "opted out": refusal(400, "InvalidParametersException", "(#131050) The recipient wants no such messages."),
  quota: refusal(400, "InvalidParametersException", "(#131048) Spam rate limit hit."),
  throttled: refusal(429, "ThrottledRequestException", "Too many messages a second."),
  broken: refusal(500, "InternalServiceException", "Something went wrong."),
};
