/**
 * `SendTextMessage` on this machine: the request is held against the service's model and its documented limits, what it
 * says is kept, and what the number plays comes of it.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SendTextMessageRequest$ } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { whySmsTooLarge } from "../../core/channels/sms-size.ts";
import { type Call, type ControlResponse, refusal } from "../control/protocols.ts";
import { faultsOf } from "./check-input.ts";
import { type Play, playedBy } from "./played-number.ts";
import { smsEvent } from "./receipt-events.ts";
import type { SentMessages } from "./sent-messages.ts";

export interface LocalSmsOptions {
  readonly sent: Pick<SentMessages, "add">;
  /** Publishes to the event destinations of a configuration set. */
  readonly publish: (configurationSet: string, event: object) => Promise<void>;
  /** Milliseconds after which a number that plays it takes a message. */
  readonly lateMs: number;
}

const TARGET = "PinpointSMSVoiceV2.";

interface Request {
  readonly DestinationPhoneNumber: string;
  readonly OriginationIdentity?: string;
  readonly MessageBody?: string;
  readonly ConfigurationSetName?: string;
  readonly MaxPrice?: string;
  readonly TimeToLive?: number;
  readonly Context?: Readonly<Record<string, string>>;
}

/** Of `SendTextMessage`, which the model of the SDK does not have (API Reference, request parameters). */
const LIMITS: readonly (readonly [name: keyof Request, holds: (request: Request) => boolean])[] = [
  ["DestinationPhoneNumber", ({ DestinationPhoneNumber: number }) => /^\+?[1-9]\d{1,18}$/.test(number)],
  ["MessageBody", ({ MessageBody: body = "-" }) => body.length >= 1 && whySmsTooLarge(body) === undefined],
  ["MaxPrice", ({ MaxPrice: price = "0.0" }) => /^\d{0,2}\.\d{1,5}$/.test(price)],
  ["TimeToLive", ({ TimeToLive: seconds = 5 }) => seconds >= 5 && seconds <= 259_200],
  ["Context", ({ Context = {} }) => Object.keys(Context).length <= 5 && Object.entries(Context).every(fitsContext)],
];

const fitsContext = ([key, value]: [string, string]) =>
  /^\S{1,100}$/.test(key) && value.length <= 800 && value.trim() === value && value !== "";

/** @returns undefined for a call of another service */
export function respondAsSms(
  { target, operation, input }: Call,
  { sent, publish, lateMs }: LocalSmsOptions,
): Promise<ControlResponse> | undefined {
  if (!target.startsWith(TARGET)) return undefined;
  return respond();

  async function respond(): Promise<ControlResponse> {
    if (operation !== "SendTextMessage")
      return refusal(400, "UnknownOperationException", `${target} is not answered on this machine.`);
    const faults = faultsOf(SendTextMessageRequest$, input);
    if (faults.length > 0) return invalid("INVALID_REQUEST", faults.join("; "), faults[0]?.split(":")[0] ?? "");
    const request = input as unknown as Request;
    const [beyond] = LIMITS.find(([, holds]) => !holds(request)) ?? [];
    if (beyond !== undefined) return invalid("INVALID_PARAMETER", `${beyond}: is not what the service takes`, beyond);
    const { DestinationPhoneNumber: to, OriginationIdentity: from = "", ConfigurationSetName: set = "" } = request;
    const messageId = randomUUID();
    const at = Date.now();
    const play = playedBy(to);
    const told = play.kind === "refused" ? `refused: ${play.why}` : play.kind;
    sent.add({ at, kind: "sms", messageId, to, request: input, result: told });
    if (play.kind === "refused") return REFUSALS[play.why]();
    if (play.kind === "says nothing") return new Promise<never>(() => undefined);
    if (play.kind === "takes late") await sleep(lateMs, undefined, { ref: false });
    if (play.kind !== "takes without receipt" && set !== "") {
      const receipted = { messageId, to, at, isDelivered: play.kind !== "does not arrive" };
      void publish(set, smsEvent(receipted, request.Context, from));
    }
    return { status: 200, body: { MessageId: messageId } };
  }
}

type Refused = Extract<Play, { readonly kind: "refused" }>["why"];

const REFUSALS: Readonly<Record<Refused, () => ControlResponse>> = {
  "opted out": () => withReason("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", "The number has opted out."),
  quota: () =>
    withReason("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", "The month is spent."),
  throttled: () => refusal(400, "ThrottlingException", "Too many messages a second."),
  broken: () => refusal(500, "InternalServerException", "Something went wrong."),
};

function invalid(reason: string, message: string, field: string): ControlResponse {
  return withReason("ValidationException", reason, message, { Fields: [{ Name: field, Message: message }] });
}

function withReason(type: string, Reason: string, message: string, more: object = {}): ControlResponse {
  const { status, headers = {} } = refusal(400, type, message);
  return { status, headers, body: { __type: type, Message: message, message, Reason, ...more } };
}
