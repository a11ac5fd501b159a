/**
 * How long a message waits in the queue that cannot be handled for a reason of its own, such as a row that is
 * throttled. Each receive is one of the 100 after which SQS quarantines it, so waits grow with them; what waits in
 * flight is a part of the 120,000 that stop everybody, so that only a share of all messages may wait long. While the
 * tables cannot be read at all nothing is received, and a short wait costs nothing.
 */
const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 900;
/** Beyond the share: with it 100 receives take more than an hour and a half. */
const LONGEST_BEYOND_SHARE_SECONDS = 60;
/** Receives after which a message has waited for so long that it may wait long whatever the share: few have. */
const RECEIVES_TO_SPARE = 50;
/** Receives during an outage that are of no account. */
const RECEIVES_IN_OUTAGE = 10;

export interface Trouble {
  readonly receiveCount: number;
  /** The tables that every message needs cannot be read: the trouble is not the message's own. */
  readonly isOutage: boolean;
  /** Whether another message may wait long in the queue. */
  readonly hasRoom: boolean;
}

/** @returns whole seconds until it is seen again */
export function troubleSeconds({ receiveCount, isOutage, hasRoom }: Trouble): number {
  const counted = Math.max(0, isOutage ? receiveCount - RECEIVES_IN_OUTAGE : receiveCount - 1);
  const mayWaitLong = receiveCount > RECEIVES_TO_SPARE || (hasRoom && !isOutage);
  const longest = mayWaitLong ? LONGEST_SECONDS : LONGEST_BEYOND_SHARE_SECONDS;
  return Math.min(longest, FIRST_SECONDS * 2 ** Math.min(counted, 10));
}
