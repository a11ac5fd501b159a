/** What becomes of a message before its row is known: one that cannot be read, or not by this program. */
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import { failure } from "../../transaction/failure.ts";
import type { ParsedMessage } from "../../transaction/message.ts";
import type { QueueStrategy } from "../order/strategy.ts";
import { DELETE, effect, giveBack, letGo, type MessageEffect } from "./effect.ts";
import { newerSchema } from "./reasons.ts";

/** Seconds for which a message of a newer schema is left to newer tasks. */
const NEWER_SCHEMA_SECONDS = 30;

export function decideOnMessage(
  parsed: Exclude<ParsedMessage, { kind: "message" }>,
  { receiveCount }: ReceivedMessage,
  { newerSchemaReceives }: Pick<QueueStrategy, "newerSchemaReceives">,
): MessageEffect {
  if (parsed.kind === "newer schema" && receiveCount < newerSchemaReceives)
    return letGo(giveBack(NEWER_SCHEMA_SECONDS));
  const reason =
    parsed.kind === "unreadable"
      ? failure("message_unreadable", parsed.reason)
      : newerSchema(parsed.schema, receiveCount);
  return effect("quarantine", undefined, DELETE, { send: { kind: "unreadable", failure: reason } });
}
