/**
 * A web ACL before the REST API: rules of AWS against addresses of ill repute and requests that are known to be
 * attacks, and a limit for each address. What the rules say of bodies is counted and blocks nothing: a payload is the
 * producer's to choose, the schemas are closed, and a confirmation must not be lost to a word in it.
 */
import { CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import { fittedName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";

export interface WebAclProps {
  readonly settings: Settings;
  readonly stageArn: string;
}

const NAME = "confirmations-api";
const LONGEST_NAME = 128;
const WINDOW_SECONDS = 60;
/** Paths of the API; the reference merchant's are called by workers, all of them from few addresses. */
const API_PATHS = "/v1/";

/** Groups of AWS, and what of each is only counted (AWS WAF Developer Guide, "AWS Managed Rules rule groups list"). */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
  ],
};

export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { settings, stageArn }: WebAclProps) {
    super(scope, id);
    const name = fittedName(settings, NAME, LONGEST_NAME);
    const groups = Object.entries(GROUPS).map(([group, counted], priority) => managed(group, counted, priority));
    const acl = new CfnWebACL(this, "Acl", {
      name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visible(NAME),
      rules: [...groups, perAddress(settings, groups.length)],
    });
    new CfnWebACLAssociation(this, "Association", { resourceArn: stageArn, webAclArn: acl.attrArn });
  }
}

function managed(name: string, counted: readonly string[], priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    visibilityConfig: visible(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  };
}

/** No address gets more of the API than one of its methods takes. */
function perAddress({ api }: Settings, priority: number): CfnWebACL.RuleProperty {
  return {
    name: "TooManyOfOneAddress",
    priority,
    action: { block: {} },
    visibilityConfig: visible("TooManyOfOneAddress"),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        limit: Math.max(10, api.ratePerSecond * WINDOW_SECONDS),
        evaluationWindowSec: WINDOW_SECONDS,
        scopeDownStatement: {
          byteMatchStatement: {
            fieldToMatch: { uriPath: {} },
            positionalConstraint: "CONTAINS",
            searchString: API_PATHS,
            textTransformations: [{ priority: 0, type: "NONE" }],
          },
        },
      },
    },
  };
}

/** Without samples: they show whole requests, with their access tokens. */
function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}
