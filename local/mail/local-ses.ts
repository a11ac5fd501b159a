/**
 * `SendEmail` of SES v2 on this machine. A request is checked as SES checks it, and the response does not wait for the
 * mail to go anywhere, as there; then the mail is handed on by SMTP to the server that the stack was started with, and
 * what becomes of it is published as SES publishes it. What the server refuses for good has bounced; what it does not
 * take now is tried again, and has bounced for the time being when that was often enough.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { isEmailAddress } from "../../core/channels/email-address.ts";
import { type Call, type ControlResponse, refusal } from "../control/protocols.ts";
import { isObject } from "../assembly/template.ts";
import {
  type Bounce,
  bounceEvent,
  complaintEvent,
  deliveryEvent,
  type SentMail,
  type SesEventType,
} from "./ses-events.ts";
import { simulated } from "./simulator.ts";

export interface ConfigurationSet {
  readonly name: string;
  /** Where events of these types go. */
  readonly destinations: readonly { readonly topicArn: string; readonly types: readonly string[] }[];
}

export interface LocalSesOptions {
  /** `smtp://127.0.0.1:1025`. */
  readonly smtpUrl: string;
  /** Those of the template. */
  readonly configurationSets: () => readonly ConfigurationSet[];
  readonly publish: (topicArn: string, message: string) => Promise<unknown>;
  /** Told what went wrong after a mail was taken. */
  readonly log: (line: string) => void;
  /** Milliseconds for one attempt to hand a mail on. @default SUBMIT_MS */
  readonly submitMs?: number;
}

const PATH = "/v2/email/outbound-emails";
/** Of names and values of tags (SESv2 API Reference, `MessageTag`). */
const TAG = /^[\w-]{1,256}$/;
const MOST_RECIPIENTS = 50;
const MOST_ATTEMPTS = 4;
const RETRY_MS = 500;
const MOST_CONNECTIONS = 4;
/** Milliseconds for all of one attempt: a server that is silent has not taken it. */
const SUBMIT_MS = 20_000;
/** RFC 3463, where the server has it in its response. */
const ENHANCED_STATUS = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/;

export class LocalSes {
  readonly #options: LocalSesOptions;
  readonly #transport;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();

  constructor(options: LocalSesOptions) {
    this.#options = options;
    this.#transport = createTransport({
      url: options.smtpUrl,
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      // Nothing on this machine is to be believed of a certificate.
      tls: { rejectUnauthorized: false },
    } as never);
  }

  /** @returns undefined for a call that is none of SES */
  respond({ method, url, input }: Call): ControlResponse | undefined {
    if (!url.pathname.startsWith("/v2/email/")) return undefined;
    if (method !== "POST" || url.pathname !== PATH)
      return refusal(404, "NotFoundException", `${method} ${url.pathname} is not answered on this machine.`);
    const mail = mailIn(input);
    if ("fault" in mail) return refusal(400, "BadRequestException", mail.fault);
    const { configurationSet } = mail.sent;
    const sets = this.#options.configurationSets();
    if (configurationSet !== "" && !sets.some(({ name }) => name === configurationSet))
      return refusal(404, "NotFoundException", `Configuration set <${configurationSet}> does not exist.`);
    const working = this.#handOn(mail).catch((error: unknown) =>
      this.#options.log(`A mail was taken and is lost: ${(error as Error).message}`),
    );
    this.#inFlight.add(working);
    void working.finally(() => this.#inFlight.delete(working));
    return { status: 200, body: { MessageId: mail.sent.messageId }, headers: { "content-type": "application/json" } };
  }

  /** What is being handed on is broken off. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#inFlight);
    this.#transport.close();
  }

  async #handOn(mail: MailToSend): Promise<void> {
    const { sent } = mail;
    const [address = ""] = sent.to;
    const played = simulated(address);
    if (played?.kind === "bounced") return this.#publish("bounce", sent, bounceEvent(sent, Date.now(), played.bounce));
    if (played?.kind === "delivered") {
      await this.#publish("delivery", sent, deliveryEvent(sent, Date.now(), "250 2.6.0 Message received"));
      if (played.isComplaint) await this.#publish("complaint", sent, complaintEvent(sent, Date.now()));
      return undefined;
    }
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#submit(mail);
      if (response.kind === "taken")
        return this.#publish("delivery", sent, deliveryEvent(sent, Date.now(), response.said));
      if (this.#stopping.signal.aborted) throw this.#stopping.signal.reason;
      if (response.kind === "refused" || attempt === MOST_ATTEMPTS) {
        const event = bounceEvent(sent, Date.now(), bounceOf(response));
        return this.#publish("bounce", sent, event);
      }
      await sleep(RETRY_MS * attempt, undefined, { signal: this.#stopping.signal });
    }
  }

  async #submit({ sent, text, html }: MailToSend): Promise<Response> {
    const { from, to, subject, messageId, tags } = sent;
    try {
      const { response } = await this.#transport.sendMail({
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(this.#options.submitMs ?? SUBMIT_MS)]),
        from,
        to: [...to],
        subject,
        ...(text !== undefined && { text }),
        ...(html !== undefined && { html }),
        messageId: `<${messageId}@email.amazonses.com>`,
        headers: {
          "X-SES-Message-Tags": Object.entries(tags)
            .map(([name, value]) => `${name}=${value}`)
            .join(", "),
        },
      });
      return { kind: "taken", said: response };
    } catch (error) {
      const { responseCode = 0, response, message } = error as Error & { responseCode?: number; response?: string };
      return { kind: responseCode >= 500 ? "refused" : "not now", said: response ?? message };
    }
  }

  async #publish(type: SesEventType, { configurationSet }: SentMail, event: object): Promise<void> {
    const set = this.#options.configurationSets().find(({ name }) => name === configurationSet);
    const topics = (set?.destinations ?? []).filter(({ types }) => types.includes(type));
    for (const { topicArn } of topics) await this.#options.publish(topicArn, JSON.stringify(event));
  }
}

/** Of the SMTP server. */
interface Response {
  readonly kind: "taken" | "refused" | "not now";
  readonly said: string;
}

/** SES counts what is too large for a mailbox among what may fit another time. */
function bounceOf({ kind, said }: Response): Bounce {
  const diagnosticCode = `smtp; ${said}`;
  const status = ENHANCED_STATUS.exec(said)?.[1];
  if (said.startsWith("552") || status === "5.3.4")
    return { bounceType: "Transient", bounceSubType: "MessageTooLarge", status: "5.3.4", diagnosticCode };
  return kind === "refused"
    ? { bounceType: "Permanent", bounceSubType: "General", status: status ?? "5.1.1", diagnosticCode }
    : { bounceType: "Transient", bounceSubType: "General", status: status ?? "4.4.1", diagnosticCode };
}

interface MailToSend {
  readonly sent: SentMail;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

function mailIn(input: Call["input"]): MailToSend | { readonly fault: string } {
  const to = addressesIn(at(input, "Destination", "ToAddresses"));
  const from = textIn(input["FromEmailAddress"]);
  const subject = textIn(at(input, "Content", "Simple", "Subject", "Data"));
  const text = textIn(at(input, "Content", "Simple", "Body", "Text", "Data"));
  const html = textIn(at(input, "Content", "Simple", "Body", "Html", "Data"));
  if (from === undefined) return { fault: "FromEmailAddress is missing." };
  if (/[^ -~]/.test(from)) return { fault: "FromEmailAddress is not seven-bit ASCII." };
  if (to.length === 0 || to.length > MOST_RECIPIENTS) return { fault: "Destination has no recipient, or too many." };
  if (!to.every(isEmailAddress)) return { fault: "Illegal address" };
  if (subject === undefined || /[\r\n]/.test(subject)) return { fault: "Subject is missing, or has a line break." };
  if (text === undefined && html === undefined) return { fault: "Body is missing: a simple message has Text or Html." };
  const tags: Record<string, string> = {};
  for (const tag of (input["EmailTags"] as readonly Record<string, unknown>[] | undefined) ?? []) {
    const [name = "", value = ""] = [textIn(tag["Name"]), textIn(tag["Value"])];
    if (!TAG.test(name) || !TAG.test(value)) return { fault: `Invalid tag <${name}>: letters, digits, _ and - alone.` };
    tags[name] = value;
  }
  const now = Date.now();
  const messageId = `01${now.toString(16).padStart(14, "0")}-${randomUUID()}-000000`;
  const configurationSet = textIn(input["ConfigurationSetName"]) ?? "";
  return { sent: { messageId, from, to, subject, tags, configurationSet, at: now }, text, html };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function addressesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
