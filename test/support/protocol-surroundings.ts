/** What the tasks of the protocol model work on. */
import type { EntryError, ReceivedMessage } from "../../core/aws/message-queue.ts";
import type { SendOutcome } from "../../core/channels/channel-sender.ts";
import type { PreparedPlan } from "../../core/delivery/prepare.ts";
import type { AttemptOutcome } from "../../core/retry/next-step.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { MemoryMerchantHealth } from "./memory-merchant-health.ts";
import type { MemoryQueue } from "./memory-queue.ts";
import type { MemoryTable } from "./memory-table.ts";

export const LEASE_MS = 900_000;

export const MERCHANT_ID = "m-1";

/** What a step comes to that failed. */
export const UNSENT = { error: "failed", isRefused: false } as const satisfies EntryError;

/** One message by a channel that is no webhook. */
export interface ChannelSending {
  readonly channel: string;
  readonly version: number;
  readonly intentId: string;
}

export interface ProtocolSurroundings {
  readonly clock: FakeClock;
  readonly table: MemoryTable;
  readonly healthTable: MemoryMerchantHealth;
  readonly confirmations: MemoryQueue;
  readonly ordered: MemoryQueue;
  readonly deadLetters: MemoryQueue;
  step<T>(actor: string, name: string, act: () => T | Promise<T>, failed?: () => T): Promise<T>;
  receive(actor: string, from: MemoryQueue, visibilitySeconds: number): Promise<ReceivedMessage[]>;
  /** What the merchant saw of a call, and what it said. */
  respond(id: string, version: number, outcome?: string): AttemptOutcome;
  /** Of a recipient with channels. @default it has the webhook alone */
  readonly plan: Pick<PreparedPlan, "channels" | "plan"> | undefined;
  /** What the service saw of a message, and what it said. */
  send(sending: ChannelSending): SendOutcome;
}
