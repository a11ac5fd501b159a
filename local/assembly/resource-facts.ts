/**
 * What `Ref` and `Fn::GetAtt` give for each type of resource: as in the cloud, but for queue URLs and the API's URL,
 * which lead to this machine. Only types whose values some program or mapping needs are listed; any other throws when
 * it is asked for.
 */
import { ACCOUNT_ID, arnOf, PARTITION, REGION, URL_SUFFIX } from "../machine.ts";
import type { ResolvedResource } from "./template.ts";

export interface Facts {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Addresses that are known before any resource is made. */
export interface Addresses {
  queueUrl(queueName: string): string;
  /** ARN of the stream of a table that is up. */
  streamArn(tableName: string): string;
  /** Where REST APIs answer, `http://127.0.0.1:<port>`. */
  readonly apiOrigin: string;
  /** What the paths of one begin with there, by its id: `/<id>`. @default nothing */
  readonly apiBase?: (apiId: string) => string;
}

type FactsOf = (name: string, addresses: Addresses) => Facts;

const plain =
  (service: string, resource: (name: string) => string): FactsOf =>
  (name) => ({ ref: name, attributes: { Arn: arnOf(service, resource(name)) } });

/** The property that holds the physical name, by type; without it the logical id is the name. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::Table": "TableName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::SecretsManager::Secret": "Name",
  "AWS::S3::Bucket": "BucketName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::SES::ConfigurationSet": "Name",
  "AWS::SMSVOICE::ConfigurationSet": "ConfigurationSetName",
  "AWS::IAM::Role": "RoleName",
  "AWS::ECS::Cluster": "ClusterName",
  "AWS::ECS::Service": "ServiceName",
  "AWS::ECS::TaskDefinition": "Family",
  "AWS::ApiGateway::Stage": "StageName",
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::CloudWatch::CompositeAlarm": "AlarmName",
};

const FACTS: Readonly<Record<string, FactsOf>> = {
  "AWS::DynamoDB::Table": (name, addresses) => ({
    ref: name,
    attributes: {
      Arn: arnOf("dynamodb", `table/${name}`),
      /** Known when the table is up, so not before it is asked for. */
      get StreamArn() {
        return addresses.streamArn(name);
      },
    },
  }),
  "AWS::SQS::Queue": (name, addresses) => ({
    ref: addresses.queueUrl(name),
    attributes: { Arn: arnOf("sqs", name), QueueName: name, QueueUrl: addresses.queueUrl(name) },
  }),
  "AWS::Lambda::Function": plain("lambda", (name) => `function:${name}`),
  "AWS::SecretsManager::Secret": (name) => ({
    ref: arnOf("secretsmanager", `secret:${name}`),
    attributes: { Id: arnOf("secretsmanager", `secret:${name}`) },
  }),
  "AWS::S3::Bucket": (name) => ({
    ref: bucketName(name),
    attributes: {
      Arn: `arn:${PARTITION}:s3:::${bucketName(name)}`,
      DomainName: `${bucketName(name)}.s3.${URL_SUFFIX}`,
      RegionalDomainName: `${bucketName(name)}.s3.${REGION}.${URL_SUFFIX}`,
    },
  }),
  "AWS::KMS::Key": (name) => ({ ref: name, attributes: { Arn: arnOf("kms", `key/${name}`), KeyId: name } }),
  "AWS::Logs::LogGroup": plain("logs", (name) => `log-group:${name}:*`),
  "AWS::SNS::Topic": (name) => ({
    ref: arnOf("sns", name),
    attributes: { TopicName: name, TopicArn: arnOf("sns", name) },
  }),
  "AWS::SES::ConfigurationSet": (name) => ({ ref: name, attributes: {} }),
  "AWS::SMSVOICE::ConfigurationSet": (name) => ({ ref: name, attributes: {} }),
  "AWS::CloudWatch::Alarm": plain("cloudwatch", (name) => `alarm:${name}`),
  "AWS::CloudWatch::CompositeAlarm": plain("cloudwatch", (name) => `alarm:${name}`),
  "AWS::EC2::NatGateway": (name) => ({ ref: name, attributes: { NatGatewayId: name } }),
  "AWS::IAM::Role": (name) => ({ ref: name, attributes: { Arn: `arn:${PARTITION}:iam::${ACCOUNT_ID}:role/${name}` } }),
  "AWS::ECS::Cluster": plain("ecs", (name) => `cluster/${name}`),
  "AWS::ECS::Service": (name) => ({
    ref: arnOf("ecs", `service/${name}`),
    attributes: { Name: name, ServiceArn: arnOf("ecs", `service/${name}`) },
  }),
  "AWS::ECS::TaskDefinition": (name) => ({
    ref: arnOf("ecs", `task-definition/${name}:1`),
    attributes: { TaskDefinitionArn: arnOf("ecs", `task-definition/${name}:1`) },
  }),
  "AWS::ApiGateway::RestApi": (name) => ({
    ref: apiId(name),
    attributes: { RestApiId: apiId(name), RootResourceId: "root" },
  }),
  "AWS::ApiGateway::Resource": (name) => ({ ref: name, attributes: { ResourceId: name } }),
  "AWS::ApiGateway::Stage": (name) => ({ ref: name, attributes: {} }),
  "AWS::ApiGateway::Authorizer": (name) => ({ ref: name, attributes: { AuthorizerId: name } }),
  "AWS::ApiGateway::Deployment": (name) => ({ ref: name, attributes: { DeploymentId: name } }),
  "AWS::ApiGateway::RequestValidator": (name) => ({ ref: name, attributes: { RequestValidatorId: name } }),
  "AWS::ApiGateway::Model": (name) => ({ ref: name, attributes: {} }),
};

/** @returns nothing for a type that is not listed */
export function factsOf(resource: ResolvedResource, addresses: Addresses): Facts | undefined {
  const named = NAME_PROPERTIES[resource.type];
  const name = named === undefined ? undefined : resource.properties[named];
  return FACTS[resource.type]?.(typeof name === "string" ? name : ownName(resource), addresses);
}

/** Names of FIFO queues and topics end alike, whoever gives them. */
function ownName({ logicalId, properties: { FifoQueue, FifoTopic } }: ResolvedResource): string {
  return String(FifoQueue ?? FifoTopic) === "true" ? `${logicalId}.fifo` : logicalId;
}

/** Ids of REST APIs are lower-case letters and digits, and host names. */
export function apiId(logicalId: string): string {
  return logicalId.toLowerCase();
}

/** Buckets without a name get one that S3 allows. */
function bucketName(name: string): string {
  return name.toLowerCase().slice(0, 63);
}
