/**
 * `PutEvents` on this machine: each entry is held against the service's model and its limits, and goes to the queue
 * `event-bus-<name of the bus>`, in the form that targets get, as a rule would take it there that matches everything.
 */
import { randomUUID } from "node:crypto";
import { PutEventsRequest$ } from "@aws-sdk/client-eventbridge";
import { type Call, type ControlResponse, refusal } from "../control/protocols.ts";
import { ACCOUNT_ID, REGION } from "../machine.ts";
import { faultsOf } from "./check-input.ts";
import type { SentMessages } from "./sent-messages.ts";

export interface LocalEventBusesOptions {
  /** Names of the buses that there are. */
  readonly buses: readonly string[];
  readonly sent: Pick<SentMessages, "add">;
  /** Sends to a queue, by its name. */
  readonly send: (queueName: string, body: string) => Promise<unknown>;
}

const TARGET = "AWSEvents.PutEvents";
/** EventBridge API Reference, `PutEvents`. */
const MOST_ENTRIES = 10;
/** EventBridge User Guide, "Calculating PutEvents event entry size". */
const ENTRY_BELOW_BYTES = 262_144;
const TIME_BYTES = 14;

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  /** Epoch seconds. */
  readonly Time?: number;
  readonly Resources?: readonly string[];
}

/** What a queue must be called to get what is put on a bus. */
export function queueOfBus(bus: string): string {
  return `event-bus-${bus.replaceAll(/[^\w-]/g, "-")}`;
}

/** @returns undefined for a call of another kind */
export function respondAsEventBuses(
  { target, input }: Call,
  { buses, sent, send }: LocalEventBusesOptions,
): Promise<ControlResponse> | undefined {
  if (target !== TARGET) return undefined;
  return respond();

  async function respond(): Promise<ControlResponse> {
    const faults = faultsOf(PutEventsRequest$, input);
    if (faults.length > 0) return refusal(400, "ValidationException", faults.join("; "));
    const entries = input["Entries"] as readonly Entry[];
    if (entries.length === 0 || entries.length > MOST_ENTRIES)
      return refusal(400, "ValidationException", `Entries: expected 1 to ${MOST_ENTRIES}`);
    if (entries.some((entry) => entryBytes(entry) >= ENTRY_BELOW_BYTES))
      return refusal(400, "ValidationException", "Total size of the entries in the request is over the limit.");
    const Entries = await Promise.all(entries.map(put));
    return { status: 200, body: { FailedEntryCount: Entries.filter((one) => "ErrorCode" in one).length, Entries } };
  }

  async function put(entry: Entry): Promise<object> {
    const { EventBusName = "default", Source = "", DetailType = "", Detail = "", Resources = [] } = entry;
    const bus = EventBusName.slice(EventBusName.lastIndexOf("/") + 1);
    if (Source === "" || DetailType === "") return failure("InvalidArgument", "Source and DetailType are required.");
    const detail = objectIn(Detail);
    if (detail === undefined) return failure("MalformedDetail", "Detail is malformed.");
    const id = randomUUID();
    const time = new Date((entry.Time ?? Date.now() / 1000) * 1000).toISOString();
    const event = {
      version: "0",
      id,
      "detail-type": DetailType,
      source: Source,
      account: ACCOUNT_ID,
      time,
      region: REGION,
      resources: Resources,
      detail,
    };
    sent.add({ at: Date.now(), kind: "event", messageId: id, to: bus, request: entry, result: "takes" });
    // EventBridge says nothing of a bus that is not there: it takes the event and drops it (aws/aws-sdk issue 186).
    if (buses.includes(bus)) await send(queueOfBus(bus), JSON.stringify(event));
    return { EventId: id };
  }
}

function entryBytes({ Source = "", DetailType = "", Detail = "", Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : TIME_BYTES);
}

function failure(ErrorCode: string, ErrorMessage: string): object {
  return { ErrorCode, ErrorMessage };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
