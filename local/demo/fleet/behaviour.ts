/**
 * How each kind of merchant in the fleet answers a delivery. Pure: the server carries out what is decided here. No
 * response is ever finished within 0.5 to 2 × the caller's deadline, so that the fleet and the pipeline cannot disagree
 * on whether a response came in time.
 */
import { pick, type Random } from "../seeded-random.ts";
import { HOSTILE_RESPONSES } from "./hostile-behaviour.ts";
import type { AnyBehaviour, FleetResponse, ResponseInput } from "./response.ts";

const SLOWEST_SHARE_OF_DEADLINE = 0.35;
const LATE_SHARE_OF_DEADLINE = 2.5;
/** Deliveries that a merchant which fails at first may refuse; the retry schedule of the demo allows more. */
const MOST_FAILURES_AT_FIRST = 2;
const GOOD_STATUSES = [200, 200, 200, 201, 202, 204] as const;

export function responseFor(input: ResponseInput): FleetResponse {
  return ANSWERS[input.behaviour](input);
}

const ANSWERS: Readonly<Record<AnyBehaviour, (input: ResponseInput) => FleetResponse>> = {
  ...HOSTILE_RESPONSES,
  good: ({ random }) => respond(pick(GOOD_STATUSES, random)),
  slow: ({ random, deadlineMs }) =>
    respond(200, Math.round(deadlineMs * SLOWEST_SHARE_OF_DEADLINE * (0.4 + 0.6 * random()))),
  "failing-at-first": ({ random, deliveriesBefore }) =>
    deliveriesBefore === 0 || (deliveriesBefore < MOST_FAILURES_AT_FIRST && random() < 0.5)
      ? failure(random)
      : respond(200),
  "failing-always": ({ random }) => failure(random),
  hanging: ({ random, deadlineMs }) =>
    pick<FleetResponse>(
      [
        { kind: "never" },
        { kind: "half an answer", end: "hang" },
        respond(200, Math.round(deadlineMs * LATE_SHARE_OF_DEADLINE)),
      ],
      random,
    ),
  resetting: ({ random, deadlineMs }) =>
    pick<FleetResponse>(
      [
        { kind: "reset", afterMs: 0 },
        { kind: "reset", afterMs: Math.round(deadlineMs * SLOWEST_SHARE_OF_DEADLINE * random()) },
        { kind: "half an answer", end: "reset" },
      ],
      random,
    ),
  // What is special about these two is how they treat their connections.
  closing: ({ random }) => respond(pick(GOOD_STATUSES, random)),
  "slow-handshake": ({ random }) => respond(pick(GOOD_STATUSES, random)),
  acknowledging: () => respond(202),
  // What it acknowledges late is on its way again by then.
  "acknowledging-late": ({ deliveriesBefore }) => respond(deliveriesBefore === 0 ? 202 : 503),
  "acknowledging-never": () => respond(202),
  gone: () => {
    throw new Error(
      "A merchant that is gone listens to nothing, so it cannot have been called; another program has its port.",
    );
  },
};

function respond(status: number, afterMs = 0): FleetResponse {
  return { kind: "answer", status, afterMs };
}

/**
 * Server errors, a refusal, a busy merchant that says when to come back, and a redirect, which must not be followed.
 */
function failure(random: Random): FleetResponse {
  const status = pick([500, 502, 503, 429, 302] as const, random);
  if (status === 429) return { kind: "answer", status, afterMs: 0, headers: { "retry-after": "1" } };
  if (status === 302) return { kind: "answer", status, afterMs: 0, headers: { location: "/elsewhere" } };
  return respond(status);
}
