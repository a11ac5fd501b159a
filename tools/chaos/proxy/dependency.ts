/**
 * What the programs depend on, by name, and how each can fail: a whole service, or one table of DynamoDB's. Which one
 * a call is for is read off the call; a call for two tables fails with either. Pure.
 */
import {
  MERCHANT_GATES_TABLE_NAME,
  MERCHANTS_TABLE_NAME,
  TRANSACTIONS_TABLE_NAME,
} from "../../../core/settings/names.ts";
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import type { ServerAddresses } from "../../../local/local-stack.ts";
import type { AwsCall, AwsError, Interference } from "./interference.ts";

export type Server = keyof ServerAddresses;

export const DEPENDENCIES = ["table", "gates", "merchants", "queues", "kms", "secrets", "s3", "cloudwatch"] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

export const MANNERS = ["silent", "slow", "dripping", "refusing", "erroring"] as const;
export type Manner = (typeof MANNERS)[number];

/** Where each is reached. */
export const SERVER_OF: Readonly<Record<Dependency, Server>> = {
  table: "dynamodb",
  gates: "dynamodb",
  merchants: "dynamodb",
  queues: "sqs",
  kms: "kms",
  secrets: "secrets",
  s3: "s3",
  cloudwatch: "cloudwatch",
};

const TABLE_NAMES: Readonly<Partial<Record<Dependency, string>>> = {
  table: TRANSACTIONS_TABLE_NAME,
  gates: MERCHANT_GATES_TABLE_NAME,
  merchants: MERCHANTS_TABLE_NAME,
};

const DRIP_EVERY_MS = 1000;
const DYNAMODB = "com.amazonaws.dynamodb.v20120810#";
const UNAVAILABLE: AwsError = { status: 503, code: "ServiceUnavailable", message: "injected: unavailable" };
const FAILING: AwsError = { status: 500, code: "InternalFailure", message: "injected: internal failure" };
/** How each says that it was asked too often. */
const THROTTLING: Readonly<Record<Server, AwsError>> = {
  dynamodb: { status: 400, code: `${DYNAMODB}ThrottlingException`, message: "injected: throttled" },
  sqs: { status: 400, code: "com.amazonaws.sqs#RequestThrottled", message: "injected: throttled" },
  kms: { status: 400, code: "ThrottlingException", message: "injected: throttled" },
  secrets: { status: 400, code: "ThrottlingException", message: "injected: throttled" },
  s3: { status: 503, code: "SlowDown", message: "injected: throttled" },
  cloudwatch: { status: 400, code: "ThrottlingException", message: "injected: throttled" },
};

/** @param server that was called */
export function isFor(dependency: Dependency, server: Server, call: AwsCall): boolean {
  if (SERVER_OF[dependency] !== server) return false;
  const table = TABLE_NAMES[dependency];
  return table === undefined || tablesOf(call).has(table);
}

/** Names of tables of a call to DynamoDB. */
export function tablesOf({ body }: AwsCall): ReadonlySet<string> {
  const names = new Set<string>();
  if (typeof body["TableName"] === "string") names.add(body["TableName"]);
  for (const name of Object.keys(body["RequestItems"] ?? {})) names.add(name);
  const statements = (body["Statements"] ?? body["TransactStatements"] ?? [body]) as readonly { Statement?: string }[];
  for (const { Statement } of statements) {
    const name = Statement === undefined ? undefined : /(?:FROM|UPDATE|INTO)\s+"([^"]+)"/i.exec(Statement)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (const item of (body["TransactItems"] ?? []) as readonly Record<string, { TableName?: string }>[])
    for (const { TableName } of Object.values(item)) if (TableName !== undefined) names.add(TableName);
  return names;
}

/** @returns undefined for one that refuses connections: then no call arrives */
export function failingBy(manner: Manner, server: Server, slowMs: number, random: Random): Interference | undefined {
  if (manner === "silent") return { kind: "silence" };
  if (manner === "slow") return { kind: "answer late", afterMs: slowMs };
  if (manner === "dripping") return { kind: "drip", everyMs: DRIP_EVERY_MS };
  if (manner === "refusing") return undefined;
  return { kind: "refuse", error: pick([UNAVAILABLE, FAILING, THROTTLING[server]], random) };
}
