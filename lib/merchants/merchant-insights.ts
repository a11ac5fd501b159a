/**
 * Which merchants are at the top of what goes wrong: rules of CloudWatch Contributor Insights over the lines in which
 * each task sums up its merchants every ten seconds. A metric a merchant would be billed a merchant; these are billed a
 * rule (docs/operating/metrics.md, "By merchant").
 */
import { CfnInsightRule } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { physicalLogGroup, physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { TroubleKind } from "../../core/telemetry/merchant-troubles.ts";
import { INSIGHT_RULES, MERCHANT_LINE } from "../../core/settings/names.ts";
import { WORKER_LOG_GROUP } from "../logs/logs.ts";

/** The field that each rule adds up. */
const RANKED_BY: Readonly<Record<keyof typeof INSIGHT_RULES, TroubleKind>> = {
  failedByMerchant: "failedAttempts",
  parkedByMerchant: "parked",
  deadLettersByMerchant: "deadLettered",
};

export class MerchantInsights extends Construct {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    for (const [rule, field] of Object.entries(RANKED_BY) as [keyof typeof INSIGHT_RULES, TroubleKind][]) {
      new CfnInsightRule(this, rule.charAt(0).toUpperCase() + rule.slice(1), {
        ruleName: physicalName(settings, INSIGHT_RULES[rule]),
        ruleState: "ENABLED",
        ruleBody: JSON.stringify(bodyOf(field, physicalLogGroup(settings, WORKER_LOG_GROUP))),
      });
    }
  }
}

/** CloudWatch User Guide, "Contributor Insights rule syntax". */
function bodyOf(field: TroubleKind, logGroup: string): object {
  return {
    Schema: { Name: "CloudWatchLogRule", Version: 1 },
    LogGroupNames: [logGroup],
    LogFormat: "JSON",
    AggregateOn: "Sum",
    Contribution: {
      Keys: ["$.merchantId"],
      ValueOf: `$.${field}`,
      Filters: [
        { Match: "$.message", In: [MERCHANT_LINE] },
        { Match: `$.${field}`, GreaterThan: 0 },
      ],
    },
  };
}
