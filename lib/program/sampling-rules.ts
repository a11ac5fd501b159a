/**
 * What is traced, as code. The programs that begin traces of transactions get the two numbers as variables; X-Ray
 * itself gets them as a rule for the invocations of the pipeline's functions and the requests to its API, which it
 * decides about alone. Functions that run by the clock, whatever there is to do, have a rule of their own: one trace a
 * second of them shows all there is to see.
 */
import { CfnSamplingRule } from "aws-cdk-lib/aws-xray";
import { Construct } from "constructs";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** Below any rule of the account's own with X-Ray's usual priorities, above its default rule of 10,000. */
const FIRST_PRIORITY = 9000;
const RULE_VERSION = 1;
const ANY = "*";
const FUNCTION = "AWS::Lambda::Function";
const BY_THE_CLOCK = [FUNCTION_NAMES.releaseDue, FUNCTION_NAMES.auditTransactions];

export class SamplingRules extends Construct {
  constructor(scope: Construct, id: string, { tracing }: Settings) {
    super(scope, id);
    for (const [index, serviceName] of Object.values(FUNCTION_NAMES).entries()) {
      const isByTheClock = BY_THE_CLOCK.some((name) => name === serviceName);
      new CfnSamplingRule(this, `Rule-${serviceName}`, {
        samplingRule: {
          ruleName: serviceName,
          priority: FIRST_PRIORITY + index,
          fixedRate: isByTheClock ? 0 : tracing.share,
          reservoirSize: isByTheClock ? 1 : tracing.reservoirPerSecond,
          serviceName,
          serviceType: FUNCTION,
          host: ANY,
          httpMethod: ANY,
          urlPath: ANY,
          resourceArn: ANY,
          version: RULE_VERSION,
        },
      });
    }
  }
}
