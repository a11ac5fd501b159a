/** Keys, secrets, and what tables cost before anything is in them. */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { type CostItem, HOURS_A_MONTH, MILLION } from "../cost-item.ts";
import { listOf, numberAt, objectOf, type Properties, resourcesOf, textAt } from "../template.ts";
import type { Rule } from "./rule.ts";

export const key: Rule = () => [{ item: "Keys", of: "1 key", usd: PRICES_USD.perKeyMonth }];

export const secret: Rule = () => [{ item: "Secrets", of: "1 secret", usd: PRICES_USD.perSecretMonth }];

/**
 * DynamoDB asks for a table's key once in five minutes for each principal that uses the table (DynamoDB Developer
 * Guide, "Encryption at rest: usage notes").
 */
const KEY_REQUESTS_A_MONTH = HOURS_A_MONTH * 12;

/** On demand a table costs what is done with it; provisioned, its capacity, and by the hour. */
export const table: Rule = ({ properties }, { template }) => {
  const isOurKey = objectOf(properties["SSESpecification"])["KMSMasterKeyId"] !== undefined;
  const rules = resourcesOf(template, "AWS::Events::Rule");
  const scheduled = rules.filter((rule) => rule.properties["ScheduleExpression"] !== undefined).length;
  const principals = scheduled + resourcesOf(template, "AWS::ECS::Service").length;
  const requests = (principals * KEY_REQUESTS_A_MONTH * PRICES_USD.perMillionKeyRequests) / MILLION;
  return [
    ...(isOurKey ? [{ item: "Keys", of: "requests of a table", usd: requests }] : []),
    ...capacityOf(textAt(properties, "TableName", "a table"), properties),
    ...listOf(properties["GlobalSecondaryIndexes"])
      .map(objectOf)
      .flatMap((index) => capacityOf(`index ${textAt(index, "IndexName")}`, index)),
  ];
};

/** Scaling goes down to the least, which is what the template states. */
function capacityOf(name: string, properties: Properties): readonly CostItem[] {
  const throughput = objectOf(properties["ProvisionedThroughput"]);
  const writes = numberAt(throughput, "WriteCapacityUnits") ?? 0;
  const reads = numberAt(throughput, "ReadCapacityUnits") ?? 0;
  const hourly = writes * PRICES_USD.perWriteCapacityHour + reads * PRICES_USD.perReadCapacityHour;
  return [
    { item: "Provisioned capacity", of: `${name}: ${writes} writes, ${reads} reads`, usd: hourly * HOURS_A_MONTH },
  ];
}
