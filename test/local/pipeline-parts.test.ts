import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";
import { resourcesOf } from "../../local/assembly/resources.ts";
import { pipelineParts } from "../../local/pipeline-parts.ts";

const ADDRESSES = { queueUrl: (name: string) => `http://sqs/${name}`, streamArn: () => "", apiOrigin: "http://api" };
const table = (TableName: string) => ({ Type: "AWS::DynamoDB::Table", Properties: { TableName } });
const queue = (QueueName: string) => ({ Type: "AWS::SQS::Queue", Properties: { QueueName } });
const api = (Name: string) => ({ Type: "AWS::ApiGateway::RestApi", Properties: { Name } });
const stage = (RestApi: string, StageName: string) => ({
  Type: "AWS::ApiGateway::Stage",
  Properties: { RestApiId: { Ref: RestApi }, StageName },
});

const TEMPLATE = {
  Resources: {
    // What an app has beside the pipeline may be called almost the same.
    OwnTransactions: table("other-shop-Transactions"),
    OwnQueue: queue("confirmations.fifo"),
    OwnApi: api("confirmation"),
    OwnStage: stage("OwnApi", "live"),
    Transactions: table("shop-Transactions"),
    Merchants: table("shop-Merchants"),
    Confirmations: queue("shop-confirmations.fifo"),
    Ordered: queue("shop-confirmations-ordered.fifo"),
    DeadLetters: queue("shop-confirmations-dl.fifo"),
    MasterKeys: { Type: "AWS::SecretsManager::Secret", Properties: {} },
    SigningKeys: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "shop-signing-keys",
        Environment: { Variables: { MASTER_KEYS_SECRET_ARN: { Ref: "MasterKeys" } } },
      },
    },
    Api: api("shop-confirmation"),
    Stage: stage("Api", "prod"),
  },
};

describe("the pipeline's parts", () => {
  it("are found by their whole names, among others of the app", () => {
    const resources = resourcesOf(TEMPLATE, "Orders", ADDRESSES);
    expect(pipelineParts(resources, parseSettings({ name: "shop" }))).toEqual({
      transactionsTable: "shop-Transactions",
      merchantsTable: "shop-Merchants",
      confirmationsQueueUrl: "http://sqs/shop-confirmations.fifo",
      orderedQueueUrl: "http://sqs/shop-confirmations-ordered.fifo",
      deadLetterQueueUrl: "http://sqs/shop-confirmations-dl.fifo",
      masterKeysSecretArn: resources.refOf("MasterKeys"),
      stage: "prod",
    });
  });

  it("are missing by name where the app did not hand its settings on", () => {
    const resources = resourcesOf(TEMPLATE, "Orders", ADDRESSES);
    expect(() => pipelineParts(resources, parseSettings({ name: "shops" }))).toThrow(
      /no AWS::\S+ with the name shops-\S+, expected the pipeline's; hand the settings/,
    );
  });
});
