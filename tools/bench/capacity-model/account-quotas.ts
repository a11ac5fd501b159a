/**
 * What an AWS account may have by default, as far as the rate of confirmations depends on it and the simulation does
 * not need it. Each has where it is from and whether AWS raises it; those that the simulation knows are in
 * `tools/simulate/aws/quotas.ts`.
 */
export interface AccountQuota {
  readonly default: number;
  /** Code in Service Quotas by which more is asked for; undefined where AWS does not raise it. */
  readonly code?: string;
}

/**
 * General Reference, "Amazon ECS endpoints and quotas": "Fargate On-Demand vCPU resource count". Grows with use of the
 * account.
 */
export const FARGATE_VCPUS: AccountQuota = { default: 6, code: "fargate L-3032A538" };

/**
 * General Reference, "Amazon DynamoDB endpoints and quotas"; on demand it holds for the table and for each index by
 * itself ("Quotas in Amazon DynamoDB").
 */
export const TABLE_WRITES = { code: "dynamodb L-AB614373" } as const;
export const TABLE_READS: AccountQuota = { default: 40_000, code: "dynamodb L-CF0CBE56" };

/** Lambda Developer Guide, "Lambda quotas"; new accounts have less. */
export const LAMBDA_AT_ONCE = { code: "lambda L-B99A9384" } as const;
/**
 * The same: synchronous invocations a second for each of the executions at once that an account may have; mappings
 * invoke so.
 */
export const LAMBDA_REQUESTS_EACH = 10;

/** General Reference, "AWS X-Ray endpoints and quotas": segments per second, not adjustable. */
export const TRACE_SEGMENTS: AccountQuota = { default: 2600 };

/**
 * SQS Developer Guide, "Amazon SQS message quotas": calls a second of an action in high throughput mode, where not
 * 70,000.
 */
export const QUEUE_CALLS_ELSEWHERE: readonly (readonly [regions: string, callsPerSecond: number])[] = [
  ["Ohio, Frankfurt", 19_000],
  ["Mumbai, Singapore, Sydney, Tokyo", 9000],
  ["London, São Paulo", 4500],
  ["all other regions", 2400],
];

/**
 * AWS Database Blog, "Scaling DynamoDB", part 3: a partition is split when it comes near so many bytes, and never
 * merged again.
 */
export const PARTITION_BYTES = 10 * 2 ** 30;
