/**
 * Merchants that mean harm, or might as well: how each kind answers. Pure, like `behaviour.ts`, and with the same rule
 * that no response is finished within 0.5 to 2 × the caller's deadline. What breaks HTTP, or goes beyond what a caller
 * takes, counts as no response.
 */
import { pick } from "../seeded-random.ts";
import type { FleetResponse, ResponseInput, HostileBehaviour } from "./response.ts";
const DRIP_EVERY_MS = 1000;
const INTERIM_SHARE_OF_DEADLINE = 0.2;
const PADDED_CHUNKS = 20_000;
/** Headers that no caller should take. */
const HUGE_HEADER_BYTES = 200_000;
const RETRY_AFTER = ["1", "2", "0", "-5", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"] as const;
const METADATA = "http://169.254.169.254/latest/meta-data/";

const GARBAGE = [
  "HTTP/1.1 OK 200\r\n\r\n",
  "ICY 200 OK\r\ncontent-length: 0\r\n\r\n",
  "\u0000\u0001\u0002\u0003\r\n\r\n",
  "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello",
] as const;

export const HOSTILE_RESPONSES: Readonly<Record<HostileBehaviour, (input: ResponseInput) => FleetResponse>> = {
  dripping: ({ random }) => ({
    kind: "drip",
    part: random() < 0.5 ? "headers" : "body",
    everyMs: DRIP_EVERY_MS,
  }),
  redirecting: ({ random, elsewhere = [] }) => ({
    kind: "answer",
    status: pick([301, 302, 303, 307, 308] as const, random),
    afterMs: 0,
    headers: { location: pick([METADATA, ...elsewhere.map((origin) => `${origin}/`)], random) },
  }),
  pouring: () => ({ kind: "pour", content: "endless" }),
  bombing: ({ random }) => ({ kind: "pour", content: pick(["small bomb", "large bomb"] as const, random) }),
  interim: ({ random, deadlineMs }) => ({
    kind: "interim",
    statuses: pick([[103], [102, 103, 103], [100], Array.from({ length: 50 }, () => 103)] as const, random),
    afterMs: Math.round(deadlineMs * INTERIM_SHARE_OF_DEADLINE),
    ends: random() < 0.7,
  }),
  garbling: ({ random }) => ({
    kind: "raw",
    text: pick([...GARBAGE, `HTTP/1.1 200 OK\r\nx-huge: ${"x".repeat(HUGE_HEADER_BYTES)}\r\n\r\n`], random),
  }),
  // What is special about these two happens before a request is read.
  "slow-accepting": () => ({ kind: "answer", status: 200, afterMs: 0 }),
  "resetting-early": () => ({ kind: "reset", afterMs: 0 }),
  busy: ({ random }) => ({
    kind: "answer",
    status: 429,
    afterMs: 0,
    headers: { "retry-after": pick(RETRY_AFTER, random) },
  }),
  // A failure: whether a caller has read enough of it does not decide what it is.
  padding: () => ({ kind: "padded chunks", status: 503, chunks: PADDED_CHUNKS }),
  leaving: () => ({ kind: "answer", status: 410, afterMs: 0 }),
};
