/** What a FIFO queue or topic is told of a message: messages of a merchant in order, none twice within five minutes. */
import { hash } from "node:crypto";
import type { ChannelMessage } from "./channel-sender.ts";

/** What either takes, 128 at most (SQS API Reference, `SendMessage`, `MessageGroupId`). */
const TAKEN = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

export interface FifoParameters {
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** @param name of the queue or topic, or what ends with it */
export function fifoParameters(
  name: string,
  { merchantId, webhookId }: Pick<ChannelMessage, "merchantId" | "webhookId">,
): FifoParameters | undefined {
  if (!name.endsWith(".fifo")) return undefined;
  return {
    MessageGroupId: TAKEN.test(merchantId) ? merchantId : hash("sha256", merchantId, "hex"),
    MessageDeduplicationId: webhookId,
  };
}
