/**
 * Prices of AWS in us-east-1 (November 2026), in dollars, each with its unit in the name: what the dashboard and the
 * simulation calculate costs with. On demand, without free tiers and volume discounts. Change them here when AWS does,
 * or for another region.
 */
export const PRICES_USD = {
  /** DynamoDB on demand, write request unit of 1 KB. */
  perMillionWrites: 0.625,
  /** DynamoDB on demand, read request unit of 4 KB. */
  perMillionReads: 0.125,
  /** SQS FIFO, any call of up to 64 KB. */
  perMillionQueueRequests: 0.5,
  /** Lambda on arm64. */
  perLambdaGbSecond: 0.0000133334,
  perMillionInvocations: 0.2,
  /** Fargate on arm64. */
  perVcpuHour: 0.03238,
  perTaskGbHour: 0.00356,
  /** X-Ray, recorded. */
  perMillionTraces: 5,
  /** CloudWatch Logs, taken in. */
  perLogGb: 0.5,
  perNatGatewayHour: 0.045,
  /** Through a NAT gateway, either way. */
  perNatGb: 0.045,
  /** From a VPC to the internet. */
  perInternetOutGb: 0.09,
} as const;
