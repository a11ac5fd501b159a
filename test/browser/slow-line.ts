/**
 * A browser's page over a slow line, and what it took: how long, how many bytes, and how many times one thing had to
 * come before the next could be asked for. The times are those of this machine; the trips are those of the console.
 */
import type { CDPSession, Page } from "playwright-core";

/** As Lighthouse has it for "slow 4G". */
const LATENCY_MS = 150;
const BYTES_A_SECOND = { down: 1_600_000 / 8, up: 750_000 / 8 } as const;

export interface SlowLine {
  /** Trips to a server and back, one after the other, of the longest chain until now. */
  trips(): number;
  /** That came over the line, headers too, compressed as they came. */
  bytes(): number;
  /** What came over the line, for who wants to know why: its chain's length and its address. */
  readonly came: readonly string[];
}

export async function slowLine(page: Page): Promise<SlowLine> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: BYTES_A_SECOND.down,
    uploadThroughput: BYTES_A_SECOND.up,
  });
  return heardOf(session);
}

interface Asked {
  readonly url: string;
  /** Of what had come when it was asked for. */
  readonly after: number;
  isKept: boolean;
}

function heardOf(session: CDPSession): SlowLine {
  const asked = new Map<string, Asked>();
  const came: string[] = [];
  let [longest, bytes] = [0, 0];
  const arrived = (requestId: string): void => {
    const one = asked.get(requestId);
    if (one === undefined || one.isKept) return;
    const trips = one.after + 1;
    longest = Math.max(longest, trips);
    came.push(`${trips} ${one.url}`);
  };
  session.on("Network.requestWillBeSent", ({ requestId, request: { url }, redirectResponse }) => {
    if (redirectResponse !== undefined) {
      bytes += redirectResponse.encodedDataLength;
      arrived(requestId);
    }
    asked.set(requestId, { url, after: longest, isKept: url.startsWith("data:") });
  });
  session.on("Network.requestServedFromCache", ({ requestId }) => keep(asked.get(requestId)));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.fromDiskCache === true || response.fromPrefetchCache === true) keep(asked.get(requestId));
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (asked.get(requestId)?.isKept !== true) bytes += encodedDataLength;
    arrived(requestId);
  });
  return { trips: () => longest, bytes: () => bytes, came };
}

function keep(asked: Asked | undefined): void {
  if (asked !== undefined) asked.isKept = true;
}
