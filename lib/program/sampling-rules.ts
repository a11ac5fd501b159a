/**
 * What is traced, as code. The programs that begin traces of transactions get the two numbers as variables; X-Ray
 * itself gets them as a rule for the invocations of the pipeline's functions and the requests to its API, which it
 * decides about alone. Functions that run by the clock, whatever there is to do, have a rule of their own: one trace a
 * second of them shows all there is to see. Of the stream's function the reservoir is kept and no share.
 */
import { CfnSamplingRule } from "aws-cdk-lib/aws-xray";
import { Construct } from "constructs";
import { functionsWith } from "../../core/settings/mode-programs.ts";
import { fittedName, physicalName } from "../../core/settings/physical-names.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** Below any rule of the account's own with X-Ray's usual priorities, above its default rule of 10,000. */
const FIRST_PRIORITY = 9000;
const RULE_VERSION = 1;
/** X-Ray API Reference, `SamplingRule`. */
const LONGEST_RULE_NAME = 32;
const ANY = "*";
const FUNCTION = "AWS::Lambda::Function";
const BY_THE_CLOCK: ReadonlySet<string> = new Set([FUNCTION_NAMES.releaseDue, FUNCTION_NAMES.auditTransactions]);
/**
 * What the canary keeps going all month in small-account mode, which pays for each trace: of these a share says as much
 * as there is, and the canary's own transaction is traced like any.
 */
const BY_THE_CANARY: ReadonlySet<string> = new Set([
  FUNCTION_NAMES.canary,
  FUNCTION_NAMES.confirmationWebhook,
  FUNCTION_NAMES.streamTransactions,
  FUNCTION_NAMES.publishEvents,
]);
/** In an old table nearly each change is a run of its own, which says less than the transaction's trace. */
const RESERVOIR_ALONE: ReadonlySet<string> = new Set([
  ...BY_THE_CLOCK,
  FUNCTION_NAMES.streamTransactions,
  FUNCTION_NAMES.publishEvents,
]);

export class SamplingRules extends Construct {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { tracing, delivery } = settings;
    const functions = functionsWith(settings).map((key) => FUNCTION_NAMES[key]);
    // One trace a minute is what a schedule comes to, and small-account mode pays it all month for nothing.
    const isSmall = delivery.mode === "lambda";
    const reservoirOf = (service: string): number => {
      if (isSmall && (BY_THE_CLOCK.has(service) || BY_THE_CANARY.has(service))) return 0;
      return BY_THE_CLOCK.has(service) ? 1 : tracing.reservoirPerSecond;
    };
    for (const [index, service] of functions.entries()) {
      new CfnSamplingRule(this, `Rule-${service}`, {
        samplingRule: {
          ruleName: fittedName(settings, service, LONGEST_RULE_NAME),
          priority: FIRST_PRIORITY + index,
          fixedRate: RESERVOIR_ALONE.has(service) ? 0 : tracing.share,
          reservoirSize: reservoirOf(service),
          serviceName: physicalName(settings, service),
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
