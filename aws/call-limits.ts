/**
 * How long one call to AWS may take. The SDK's own bounds are five minutes of silence for DynamoDB and fifteen for SQS, each three times: a
 * connection that died without a word, as behind a NAT gateway or a failed-over node, would hold up a task for as long, and the few batches
 * it has under way with it, while its health check sees nothing wrong. What has timed out may have been carried out; every write is conditional.
 */

/** Milliseconds. The longest call that is meant to take its time is a receive, which polls for two seconds. */
export const CALL_LIMITS = { connectionTimeout: 2000, requestTimeout: 6000, throwOnRequestTimeout: true } as const;
