/** What a transaction waits for whose recipient has channels, in `waitingFor`, beside what any may wait for. */
export const CHANNEL_WAITS = {
  /** It was sent, or may have been, and its receipt is to come. */
  receipt: "receipt",
  /** The hours of a channel, or the health of one. */
  hours: "hours",
  /** Our own account may not send more just now. */
  quota: "service quota",
} as const;
export type ChannelWait = (typeof CHANNEL_WAITS)[keyof typeof CHANNEL_WAITS];
