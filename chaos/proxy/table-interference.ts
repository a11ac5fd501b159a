/**
 * DynamoDB as it may answer: calls that are throttled or fail as a whole, statements of a batch that fail under an HTTP 200, keys that are
 * left unprocessed, and answers that are lost after the call was carried out. DynamoDB Local does none of this.
 */
import { pick, type Random } from "../../demo/seeded-random.ts";
import type { AwsCall, AwsError, Interference, Json } from "./interference.ts";

export type TableFault = "throttled" | "failing" | "resetting" | "losing answers" | "in part";

const PREFIX = "com.amazonaws.dynamodb.v20120810#";
const THROTTLED: readonly AwsError[] = [
  {
    status: 400,
    code: `${PREFIX}ProvisionedThroughputExceededException`,
    message: "The level of configured provisioned throughput for the table was exceeded.",
  },
  { status: 400, code: `${PREFIX}ThrottlingException`, message: "Rate of requests exceeds the allowed throughput." },
  { status: 400, code: `${PREFIX}RequestLimitExceeded`, message: "Throughput exceeds the current limit." },
];
const FAILING: readonly AwsError[] = [
  { status: 500, code: `${PREFIX}InternalServerError`, message: "The request could not be processed." },
  { status: 503, code: "ServiceUnavailableException", message: "Service unavailable." },
];
/** Errors of one statement; after the last one it may have been carried out all the same. */
const STATEMENT_ERRORS = ["ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded"] as const;
const IN_DOUBT = "InternalServerError";
const CARRIED_OUT_SHARE = 0.3;

/** @param share of entries that fail, where it is about a part of a call */
export function tableInterference(fault: TableFault, call: AwsCall, share: number, random: Random): Interference {
  return INTERFERENCES[fault](call, share, random);
}

const INTERFERENCES: Readonly<Record<TableFault, (call: AwsCall, share: number, random: Random) => Interference>> = {
  throttled: (_call, _share, random) => ({ kind: "refuse", error: pick(THROTTLED, random) }),
  failing: (_call, _share, random) => ({ kind: "refuse", error: pick(FAILING, random) }),
  resetting: () => ({ kind: "reset" }),
  "losing answers": () => ({ kind: "lose the answer" }),
  "in part": ({ operation, body }, share, random) => {
    if (operation === "BatchExecuteStatement") return statementsInPart(body, share, random);
    if (operation === "BatchGetItem") return keysInPart(body, share, random);
    return { kind: "refuse", error: pick(THROTTLED, random) };
  },
};

function statementsInPart(body: Json, share: number, random: Random): Interference {
  const statements = body["Statements"] as readonly unknown[];
  const fates = statements.map(() => {
    if (random() >= share) return { isSent: true } as const;
    return random() < CARRIED_OUT_SHARE
      ? ({ isSent: true, code: IN_DOUBT } as const)
      : ({ isSent: false, code: pick(STATEMENT_ERRORS, random) } as const);
  });
  const sent = statements.filter((_, index) => fates[index]?.isSent);
  return {
    kind: "in part",
    request: sent.length === 0 ? undefined : { ...body, Statements: sent },
    answer(carriedOut) {
      const given = [...((carriedOut["Responses"] ?? []) as readonly unknown[])];
      const Responses = fates.map((fate) => {
        const own = fate.isSent ? given.shift() : undefined;
        return "code" in fate ? { Error: { Code: fate.code, Message: "injected" } } : own;
      });
      return { ...carriedOut, Responses };
    },
  };
}

interface KeysOfTable {
  readonly Keys: readonly unknown[];
}

function keysInPart(body: Json, share: number, random: Random): Interference {
  const tables = Object.entries(body["RequestItems"] as Readonly<Record<string, KeysOfTable>>);
  const halves = tables.map(([name, request]) => {
    const left = request.Keys.filter(() => random() < share);
    return { name, request, left, read: request.Keys.filter((key) => !left.includes(key)) };
  });
  const RequestItems = Object.fromEntries(
    halves.filter(({ read }) => read.length > 0).map(({ name, request, read }) => [name, { ...request, Keys: read }]),
  );
  const unprocessed = Object.fromEntries(
    halves.filter(({ left }) => left.length > 0).map(({ name, request, left }) => [name, { ...request, Keys: left }]),
  );
  return {
    kind: "in part",
    request: Object.keys(RequestItems).length === 0 ? undefined : { ...body, RequestItems },
    answer: (carriedOut) => ({ Responses: {}, ...carriedOut, UnprocessedKeys: unprocessed }),
  };
}
