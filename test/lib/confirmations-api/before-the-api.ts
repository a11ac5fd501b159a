import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { SCOPES } from "../../../core/access/scopes.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const guarded = synthesize({ name: "acme", api: { cognito: true, waf: true, ratePerSecond: 50 } }).template;
const ruleNamed = (name: string) => {
  const [acl] = Object.values(guarded.findResources("AWS::WAFv2::WebACL"));
  // oxlint-disable-next-line typescript/no-explicit-any -- a template has no types
  const rules: readonly Record<string, any>[] = acl?.["Properties"].Rules;
  return rules.find(({ Name }) => Name === name);
};

describe("the endpoint", () => {
  it("takes TLS 1.2 with forward secrecy, and 1.3, in every stack", () => {
    for (const settings of [{}, WITH_API])
      synthesize(settings).template.hasResourceProperties("AWS::ApiGateway::RestApi", {
        SecurityPolicy: "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
        EndpointAccessMode: "BASIC",
      });
  });
});

describe("the web ACL", () => {
  it("stands before the stage where the settings say so, and there alone", () => {
    guarded.hasResourceProperties("AWS::WAFv2::WebACL", { Scope: "REGIONAL", DefaultAction: { Allow: {} } });
    guarded.hasResourceProperties("AWS::WAFv2::WebACLAssociation", {
      ResourceArn: { "Fn::Join": ["", Match.arrayWith([Match.stringLikeRegexp("/restapis/")])] },
    });
    for (const settings of [WITH_API, { api: { waf: true } }])
      synthesize(settings).template.resourceCountIs("AWS::WAFv2::WebACL", 0);
  });

  it("has rules of AWS, and blocks nothing for what a body says", () => {
    const common = ruleNamed("AWSManagedRulesCommonRuleSet");
    const overrides: readonly Record<string, unknown>[] =
      common?.["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"] ?? [];
    expect(overrides.map(({ Name }) => Name)).toContain("SizeRestrictions_BODY");
    for (const { Name, ActionToUse } of overrides) {
      expect(Name).toMatch(/_BODY$/);
      expect(ActionToUse).toEqual({ Count: {} });
    }
    expect(ruleNamed("AWSManagedRulesAmazonIpReputationList")).toBeDefined();
  });

  it("limits each address to what a method takes in a minute, of the API's paths", () => {
    expect(ruleNamed("TooManyOfOneAddress")).toMatchObject({
      Action: { Block: {} },
      Statement: {
        RateBasedStatement: {
          AggregateKeyType: "IP",
          Limit: 3000,
          EvaluationWindowSec: 60,
          ScopeDownStatement: { ByteMatchStatement: { SearchString: "/v1/" } },
        },
      },
    });
  });

  it("keeps no samples, which would hold access tokens", () => {
    expect(JSON.stringify(guarded.findResources("AWS::WAFv2::WebACL"))).not.toContain('"SampledRequestsEnabled":true');
  });
});

describe("the user pool", () => {
  it("holds nobody who made an account, and gives tokens to programs", () => {
    guarded.hasResourceProperties("AWS::Cognito::UserPool", {
      UserPoolName: "acme-confirmations",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UserPoolTier: "ESSENTIALS",
      MfaConfiguration: "ON",
    });
    guarded.hasResourceProperties("AWS::Cognito::UserPoolDomain", {
      Domain: { "Fn::Join": ["", ["acme-confirmations-", { Ref: "AWS::AccountId" }]] },
    });
  });

  it("has every scope of the API, and a client for those who submit transactions alone", () => {
    guarded.hasResourceProperties("AWS::Cognito::UserPoolResourceServer", {
      Identifier: "confirmations",
      Scopes: Object.entries(SCOPES).map(([ScopeName, ScopeDescription]) => ({ ScopeName, ScopeDescription })),
    });
    const [client] = Object.values(guarded.findResources("AWS::Cognito::UserPoolClient"));
    expect(client?.["Properties"]).toMatchObject({
      GenerateSecret: true,
      AllowedOAuthFlows: ["client_credentials"],
      AccessTokenValidity: 60,
    });
    const scopes = JSON.stringify(client?.["Properties"].AllowedOAuthScopes);
    expect(scopes.match(/\/\w+:\w+/g)).toEqual(["/transactions:read", "/transactions:write"]);
  });

  it("is the issuer that the authorizer takes tokens of, with its prefix of scopes", () => {
    const [authorizer] = Object.values(
      guarded.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "acme-api-authorizer" } }),
    );
    const { ISSUER, SCOPE_PREFIX, AUDIENCE } = authorizer?.["Properties"].Environment.Variables ?? {};
    expect(ISSUER).toEqual({ "Fn::GetAtt": [expect.stringMatching(/^ApiTokenIssuerPool/), "ProviderURL"] });
    expect([SCOPE_PREFIX, AUDIENCE]).toEqual(["confirmations/", ""]);
    const { ApiIssuer, ApiTokenEndpoint, ApiClientId } = guarded.toJSON().Outputs;
    expect([ApiIssuer, ApiTokenEndpoint, ApiClientId].every((output) => output !== undefined)).toBe(true);
  });

  it("is there where the settings say so alone", () => {
    synthesize(WITH_API).template.resourceCountIs("AWS::Cognito::UserPool", 0);
  });
});
