/**
 * What of a template this machine plays, and what it leaves out because it has no meaning here. Whatever is in neither
 * list is refused by name before anything is made, all of it at once: an app that runs here without it would not be the
 * app that is deployed. `docs/operating/local.md` has both lists for readers.
 */
import { LocalError } from "../local-error.ts";
import type { Resource, Template } from "./template.ts";

/** Properties of a type that this machine plays. */
interface Known {
  /** Played as the template says. */
  readonly played: readonly string[];
  /** Left out: encryption, protection, tags and the like, which nobody can see on one machine. */
  readonly leftOut: readonly string[];
}

const known = (played: string, leftOut = ""): Known => ({
  played: played.split(" ").filter(Boolean),
  leftOut: leftOut.split(" ").filter(Boolean),
});

/** Types whose properties are checked too. */
const PLAYED: Readonly<Record<string, Known>> = {
  "AWS::DynamoDB::Table": known(
    "TableName KeySchema AttributeDefinitions GlobalSecondaryIndexes LocalSecondaryIndexes StreamSpecification " +
      "TimeToLiveSpecification",
    "BillingMode ProvisionedThroughput OnDemandThroughput WarmThroughput TableClass SSESpecification ResourcePolicy " +
      "PointInTimeRecoverySpecification DeletionProtectionEnabled ContributorInsightsSpecification Tags",
  ),
  "AWS::SQS::Queue": known(
    "QueueName FifoQueue ContentBasedDeduplication DeduplicationScope FifoThroughputLimit DelaySeconds " +
      "MaximumMessageSize MessageRetentionPeriod ReceiveMessageWaitTimeSeconds VisibilityTimeout RedrivePolicy " +
      "RedriveAllowPolicy",
    "KmsMasterKeyId KmsDataKeyReusePeriodSeconds SqsManagedSseEnabled Tags",
  ),
  "AWS::SNS::Topic": known(
    "TopicName FifoTopic ContentBasedDeduplication",
    "DisplayName FifoThroughputScope KmsMasterKeyId SignatureVersion TracingConfig Tags",
  ),
  "AWS::SNS::Subscription": known(
    "TopicArn Protocol Endpoint RawMessageDelivery FilterPolicy FilterPolicyScope",
    // A queue of the same stack is always reached.
    "RedrivePolicy Region",
  ),
  "AWS::Lambda::Function": known(
    "FunctionName Code Handler Runtime Environment Timeout MemorySize ReservedConcurrentExecutions",
    "Architectures Description EphemeralStorage KmsKeyArn LoggingConfig PackageType RecursiveLoop Role " +
      "RuntimeManagementConfig Tags TracingConfig VpcConfig",
  ),
  "AWS::Lambda::EventSourceMapping": known(
    "EventSourceArn FunctionName Enabled BatchSize MaximumBatchingWindowInSeconds StartingPosition ScalingConfig " +
      "ParallelizationFactor FilterCriteria FunctionResponseTypes DestinationConfig BisectBatchOnFunctionError " +
      "MaximumRetryAttempts MaximumRecordAgeInSeconds",
    "KmsKeyArn LoggingConfig MetricsConfig Tags",
  ),
  "AWS::Lambda::EventInvokeConfig": known("", "FunctionName Qualifier MaximumEventAgeInSeconds MaximumRetryAttempts"),
  "AWS::Events::Rule": known("EventPattern ScheduleExpression State Targets", "Name Description Tags"),
  "AWS::S3::Bucket": known(
    "BucketName NotificationConfiguration",
    "AccelerateConfiguration BucketEncryption CorsConfiguration IntelligentTieringConfigurations " +
      "InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetricsConfigurations " +
      "ObjectLockConfiguration ObjectLockEnabled OwnershipControls PublicAccessBlockConfiguration Tags " +
      "VersioningConfiguration",
  ),
  "Custom::S3BucketNotifications": known(
    "BucketName NotificationConfiguration",
    "ServiceToken ServiceTimeout Managed SkipDestinationValidation",
  ),
  "AWS::ApiGateway::Method": known(
    "RestApiId ResourceId HttpMethod Integration AuthorizationType AuthorizerId RequestParameters RequestValidatorId",
    "ApiKeyRequired MethodResponses OperationName RequestModels AuthorizationScopes",
  ),
  "AWS::ApiGateway::RestApi": known(
    "Name",
    "ApiKeySourceType BinaryMediaTypes Description DisableExecuteApiEndpoint EndpointAccessMode " +
      "EndpointConfiguration MinimumCompressionSize Policy SecurityPolicy Tags",
  ),
};

/** Types that this machine plays; the part that plays each looks at its properties. */
const PLAYED_WHOLE = new Set([
  "AWS::ApiGateway::Authorizer",
  "AWS::ApiGateway::GatewayResponse",
  "AWS::ApiGateway::RequestValidator",
  "AWS::ApiGateway::Resource",
  "AWS::ApiGateway::Stage",
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::CompositeAlarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::CloudWatch::InsightRule",
  "AWS::ECS::TaskDefinition",
  "AWS::KMS::Alias",
  "AWS::KMS::Key",
  "AWS::Logs::LogGroup",
  "AWS::Logs::QueryDefinition",
  "AWS::SES::ConfigurationSet",
  "AWS::SES::ConfigurationSetEventDestination",
  "AWS::SMSVOICE::ConfigurationSet",
  "AWS::SecretsManager::Secret",
]);

/** Types that mean nothing on one machine. */
const LEFT_OUT = new Set([
  // Who may do what: every program here may do everything.
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::IAM::ServiceLinkedRole",
  "AWS::Lambda::Permission",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
  // Networks: all is on loopback.
  "AWS::EC2::EIP",
  "AWS::EC2::FlowLog",
  "AWS::EC2::InternetGateway",
  "AWS::EC2::NatGateway",
  "AWS::EC2::NetworkAcl",
  "AWS::EC2::NetworkAclEntry",
  "AWS::EC2::Route",
  "AWS::EC2::RouteTable",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::SecurityGroupEgress",
  "AWS::EC2::SecurityGroupIngress",
  "AWS::EC2::Subnet",
  "AWS::EC2::SubnetNetworkAclAssociation",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPC",
  "AWS::EC2::VPCEndpoint",
  "AWS::EC2::VPCGatewayAttachment",
  "AWS::WAFv2::WebACL",
  "AWS::WAFv2::WebACLAssociation",
  // Sizes, versions and sampling.
  "AWS::ApiGateway::Account",
  "AWS::ApiGateway::Deployment",
  "AWS::ApiGateway::Model",
  "AWS::ApplicationAutoScaling::ScalableTarget",
  "AWS::ApplicationAutoScaling::ScalingPolicy",
  "AWS::ECS::Cluster",
  "AWS::ECS::Service",
  "AWS::Lambda::Version",
  "AWS::XRay::SamplingRule",
  // The issuer of this machine is in the place of a user pool.
  "AWS::Cognito::UserPool",
  "AWS::Cognito::UserPoolClient",
  "AWS::Cognito::UserPoolDomain",
  "AWS::Cognito::UserPoolResourceServer",
  // What is done when a stack is deployed or deleted.
  "AWS::CDK::Metadata",
  "Custom::DeletionProtection",
  "Custom::EmptiedBuckets",
  "Custom::LogRetention",
  "Custom::S3AutoDeleteObjects",
  "Custom::ServiceLinkedRoles",
  "Custom::VpcRestrictDefaultSG",
]);

/** @throws LocalError LOCAL_TEMPLATE_UNSUPPORTED that names everything which this machine does not know */
export function requireKnownTypes(template: Template): void {
  const deployers = deployersOf(template);
  const faults = Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    deployers.has(logicalId) ? [] : faultsOf(logicalId, resource),
  );
  if (faults.length === 0) return;
  throw new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `The template has what this machine does not play:\n${faults.map((fault) => `  ${fault}`).join("\n")}\n` +
      "Leave it out of the stack that runs here, or put it into a stack of its own. docs/operating/local.md lists " +
      "what is played, and what is left out because it means nothing on one machine.",
  );
}

/** Logical ids of functions that only CloudFormation calls, while it deploys: those behind a custom resource. */
export function deployersOf({ Resources }: Template): ReadonlySet<string> {
  return new Set(
    Object.values(Resources).flatMap(({ Properties = {} }) => {
      const { ServiceToken: token } = Properties as { readonly ServiceToken?: Readonly<Record<string, unknown>> };
      const id = token?.["Ref"] ?? (token?.["Fn::GetAtt"] as readonly unknown[] | undefined)?.[0];
      return typeof id === "string" ? [id] : [];
    }),
  );
}

function faultsOf(logicalId: string, { Type: type, Properties: properties = {} }: Resource): string[] {
  if (PLAYED_WHOLE.has(type) || LEFT_OUT.has(type)) return [];
  const expected = PLAYED[type];
  if (expected === undefined) return [`${logicalId} is of type ${type}, which is not known here.`];
  const names = new Set([...expected.played, ...expected.leftOut]);
  return Object.keys(properties)
    .filter((name) => !names.has(name))
    .map(
      (name) =>
        `${logicalId} (${type}) has the property ${name}; expected only ` +
        `${[...expected.played, ...expected.leftOut].join(", ")}.`,
    );
}
