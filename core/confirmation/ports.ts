/**
 * What a confirmation needs of the world, as five narrow ports: a queue, the table, the merchants, telemetry and a
 * clock. The worker makes them of batches and kept connections; whoever else receives messages brings its own.
 */
import type { ChannelSenders } from "../channels/channel-senders.ts";
import type { OnUncertain } from "../channels/channel.ts";
import type { EntryError } from "../aws/message-queue.ts";
import type { CampaignCounts } from "../campaigns/campaign-counts.ts";
import type { OutgoingMessage } from "../aws/queue-requests.ts";
import type { Statement } from "../aws/statements/statement.ts";
import type { WriteResult } from "../aws/transactions-table.ts";
import type { Call } from "../delivery/attempt.ts";
import type { EgressMonitor } from "../delivery/egress-monitor.ts";
import type { Journal } from "../journal/journal.ts";
import type { AdmissionControl } from "../delivery/admission/admission-control.ts";
import type { CredentialsOfMerchants } from "../delivery/credentials.ts";
import type { Prepared } from "../delivery/prepare.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import type { Log } from "../telemetry/log-error.ts";
import type { HopSender } from "../telemetry/trace-hop.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import type { Failure } from "../transaction/failure.ts";
import type { HopProgram } from "./attempt-trace.ts";
import type { Copies } from "./copies/copies.ts";
import type { InFlightMessage } from "./in-flight-message.ts";
import type { InQueueBudget } from "./in-queue-budget.ts";
import type { Job } from "./job.ts";

export interface Ports {
  readonly queue: QueuePort;
  readonly table: TablePort;
  readonly merchants: MerchantsPort;
  readonly telemetry: TelemetryPort;
  readonly clock: ClockPort;
  /** What sends by channels. @default webhooks alone */
  readonly channels?: ChannelsPort | undefined;
  /** Where what was recorded as confirmed is written a second time. @default nowhere */
  readonly journal?: Pick<Journal, "recorded"> | undefined;
}

export interface ChannelsPort extends ChannelSenders {
  /** Of channels that say nothing else. */
  readonly onUncertain: OnUncertain;
  /** Milliseconds after which nobody will say any more whether a message was sent. */
  readonly receiptWithinMs: number;
}

/** The queue that messages came from, and those that they may go to. */
export interface QueuePort {
  /** @returns what went wrong, if anything did */
  delete(message: InFlightMessage): Promise<EntryError>;
  /** The message is seen again after `seconds`. */
  giveBack(message: InFlightMessage, seconds: number): Promise<unknown>;
  /** Keeps a message for another full visibility timeout. @returns false when it is no longer ours */
  extend(message: InFlightMessage): Promise<boolean>;
  /** @throws StoppedError when the task ends before the dead-letter queue could be reached */
  sendDeadLetter(letter: OutgoingMessage, message: InFlightMessage): Promise<void>;
  /** To the queue of rows with an ordering key. @returns what went wrong with each, if anything did */
  sendInOrder(messages: readonly OutgoingMessage[]): Promise<readonly EntryError[]>;
  /** Room for failed messages that wait in this queue for their next attempt. */
  readonly failing: Pick<InQueueBudget, "hasRoom" | "add">;
  /** The same for those that could not be handled for a reason of their own. */
  readonly troubled: Pick<InQueueBudget, "hasRoom" | "add">;
  /** True once the task is ending, while everything is paused or the clock is wrong: nothing more is begun. */
  isStopping(): boolean;
}

/** A result that will not change by trying again. */
export type Recorded = Exclude<WriteResult, { kind: "unavailable" }>;

/** The table of transactions. */
export interface TablePort {
  readonly name: string;
  /** @returns undefined where there is no row. @throws when it could not be read */
  read(transactionId: string): Promise<AttributeMap | undefined>;
  /** The same for what must not be given up half-way. @throws StoppedError when the task ends first */
  readAgain(transactionId: string, message: InFlightMessage): Promise<AttributeMap | undefined>;
  /** @throws StoppedError when the task ends before the table could be reached */
  record(statement: Statement, message: InFlightMessage): Promise<Recorded>;
  /** Whether the tables that every message needs cannot be read now. */
  isOutage(): boolean;
}

/** The merchants: who they are, whether they may be called now, and the call. */
export interface MerchantsPort extends Pick<
  AdmissionControl,
  "enter" | "enterBehind" | "disable" | "markWaiting" | "healthOf"
> {
  /** @throws when nothing could be learnt about the merchant */
  prepare(row: AttributeMap): Prepared | Promise<Prepared>;
  call(call: Call): Promise<AttemptOutcome>;
  /** Whether a call got no response for a reason of our own network. */
  readonly isOurs: EgressMonitor["isOurs"];
  /** The same for merchants of the sandbox, whose calls tell nothing of our network. */
  readonly isOursInSandbox: EgressMonitor["isOurs"];
  /** For what is given up without a look at its merchant; one that is not known is live. Never rejects. */
  isSandbox(merchantId: string | undefined): Promise<boolean>;
  /** For merchants of which a secret is to be opened first. */
  readonly whyResting: CredentialsOfMerchants["whyResting"];
  readonly credentialsOf: CredentialsOfMerchants["of"];
  readonly tokenRefused: CredentialsOfMerchants["refused"];
  /** For whoever listens to a merchant of the sandbox. @default nobody can */
  readonly copies?: Pick<Copies, "isListenedTo" | "offer"> | undefined;
}

export interface TelemetryPort {
  /** What is told of merchants of the sandbox instead. */
  readonly sandbox: TelemetryPort;
  count(metric: string): void;
  readonly warn: Log;
  /** @param tookMs from the call's beginning to its outcome; undefined for what was no call of a webhook */
  called(job: Job, outcome: AttemptOutcome, tookMs: number | undefined): void;
  confirmed(job: Job): void;
  /** @param reason what it waits for: its next attempt, or something at its merchant */
  parked(job: Job, reason: string): void;
  gaveUp(job: Job, failure: Failure): void;
  /** For a transaction that is followed. */
  step(job: Job, step: string, details?: () => Readonly<Record<string, unknown>>): void;
  /** Of transactions with a label. @default no label is looked at */
  readonly campaigns?: Pick<CampaignCounts, "labelOf" | "count"> | undefined;
  /** Takes the hops of transactions whose path is traced. */
  readonly hops: HopSender;
  /** Whose hops they are. @default the worker's */
  readonly program?: HopProgram | undefined;
}

/** Of a message: what is told of its merchant is told apart where that is of the sandbox. */
export function telemetryOf(
  { telemetry }: Pick<Ports, "telemetry">,
  { isSandbox }: Pick<Job, "isSandbox">,
): TelemetryPort {
  return isSandbox ? telemetry.sandbox : telemetry;
}

/** What changes by itself: time and chance. */
export interface ClockPort {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  /**
   * Whether nothing may be signed with what the clock says.
   * @param now what it says
   * @param elapsedMs the other one at that time
   */
  readonly isWrongAt: (now: number, elapsedMs: number) => boolean;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
}
