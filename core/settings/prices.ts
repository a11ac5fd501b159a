/**
 * The one list of AWS prices that everything calculates with: dashboard, simulation, `npm run cost`, the line at
 * synthesis. On demand, without free tiers, volume discounts and taxes. Each has its unit in its name and the page that
 * states it. Change them here when AWS does, or for another region.
 */
export interface Price {
  readonly usd: number;
  /** Page of aws.amazon.com that states it. */
  readonly source: string;
}

const price = (usd: number, source: string): Price => ({ usd, source });
const DYNAMODB_ON_DEMAND = "dynamodb/pricing/on-demand";
const DYNAMODB_PROVISIONED = "dynamodb/pricing/provisioned";
const CLOUDWATCH = "cloudwatch/pricing";

export const PRICE_LIST = {
  region: "us-east-1",
  /** When the pages were last looked at. */
  date: "2026-11",
  prices: {
    /** DynamoDB on demand, write request unit of 1 KB. */
    perMillionWrites: price(0.625, DYNAMODB_ON_DEMAND),
    /** DynamoDB on demand, read request unit of 4 KB. */
    perMillionReads: price(0.125, DYNAMODB_ON_DEMAND),
    /** DynamoDB provisioned: a write of 1 KB each second, paid by the hour whether it is used or not. */
    perWriteCapacityHour: price(0.00065, DYNAMODB_PROVISIONED),
    /** The same for a consistent read of 4 KB. */
    perReadCapacityHour: price(0.00013, DYNAMODB_PROVISIONED),
    perTableGbMonth: price(0.25, DYNAMODB_ON_DEMAND),
    /** Point-in-time recovery, by the size of the table without its indexes. */
    perBackupGbMonth: price(0.2, DYNAMODB_ON_DEMAND),
    /** SQS FIFO, any call of up to 64 KB. */
    perMillionQueueRequests: price(0.5, "sqs/pricing"),
    /** The same of a standard queue. */
    perMillionStandardQueueRequests: price(0.4, "sqs/pricing"),
    /**
     * SNS, any publication of up to 64 KB, ten messages in one or less; to queues and functions it delivers for
     * nothing.
     */
    perMillionPublications: price(0.5, "sns/pricing"),
    /** SNS FIFO: of a publication; what it has beyond 1 KB is by the GB. */
    perMillionFifoPublications: price(0.3, "sns/pricing"),
    perFifoPublicationGb: price(0.017, "sns/pricing"),
    /** EventBridge, events of one's own of up to 64 KB. */
    perMillionEvents: price(1, "eventbridge/pricing"),
    /** SES, mails that are sent; attachments are by the GB. */
    perThousandMails: price(0.1, "ses/pricing"),
    /** Lambda on arm64; $0.0000166667 on x86. */
    perLambdaGbSecond: price(0.0000133334, "lambda/pricing"),
    perMillionInvocations: price(0.2, "lambda/pricing"),
    /** Fargate on arm64; $0.04048 on x86. */
    perVcpuHour: price(0.03238, "fargate/pricing"),
    /** $0.004445 on x86. */
    perTaskGbHour: price(0.00356, "fargate/pricing"),
    /** X-Ray, recorded. */
    perMillionTraces: price(5, "xray/pricing"),
    /** CloudWatch Logs, taken in. */
    perLogGb: price(0.5, CLOUDWATCH),
    perLogGbMonth: price(0.03, CLOUDWATCH),
    /** A metric of one's own: each combination of name and dimensions. */
    perMetricMonth: price(0.3, CLOUDWATCH),
    /** By each metric that it looks at, with a period of a minute or more. */
    perAlarmMetricMonth: price(0.1, CLOUDWATCH),
    /** The same with a shorter period. */
    perFineAlarmMetricMonth: price(0.3, CLOUDWATCH),
    perCompositeAlarmMonth: price(0.5, CLOUDWATCH),
    perDashboardMonth: price(3, CLOUDWATCH),
    /** Contributor Insights; its lines that match are a further $0.02 a million. */
    perInsightRuleMonth: price(0.5, CLOUDWATCH),
    perNatGatewayHour: price(0.045, "vpc/pricing"),
    /** Through a NAT gateway, either way. */
    perNatGb: price(0.045, "vpc/pricing"),
    perPublicAddressHour: price(0.005, "vpc/pricing"),
    /** In each zone. */
    perEndpointHour: price(0.01, "privatelink/pricing"),
    perEndpointGb: price(0.01, "privatelink/pricing"),
    /** From a VPC to the internet. */
    perInternetOutGb: price(0.09, "ec2/pricing/on-demand"),
    perKeyMonth: price(1, "kms/pricing"),
    perMillionKeyRequests: price(3, "kms/pricing"),
    perSecretMonth: price(0.4, "secrets-manager/pricing"),
    /** REST API, the first 333 million. */
    perMillionApiRequests: price(3.5, "api-gateway/pricing"),
    perWebAclMonth: price(5, "waf/pricing"),
    /** Or a group of managed rules. */
    perWebAclRuleMonth: price(1, "waf/pricing"),
    /** Inspected. */
    perMillionWebAclRequests: price(0.6, "waf/pricing"),
    /** Client of a user pool that is a program, by the second that it is there. */
    perMachineClientMonth: price(6, "cognito/pricing"),
    /** Given to a program, the first 250,000 a month. */
    perThousandMachineTokens: price(2.25, "cognito/pricing"),
    perObjectGbMonth: price(0.023, "s3/pricing"),
    /** Put, one object each. */
    perMillionObjectPuts: price(5, "s3/pricing"),
  },
} as const;

type Name = keyof (typeof PRICE_LIST)["prices"];

/** The dollars alone. */
export const PRICES_USD = Object.freeze(
  Object.fromEntries(Object.entries(PRICE_LIST.prices).map(([name, { usd }]) => [name, usd])),
) as Readonly<Record<Name, number>>;
