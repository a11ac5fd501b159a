import { runInNewContext } from "node:vm";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { SCOPES } from "../../../core/access/scopes.ts";
import { contentSecurityPolicy, isPage } from "../../../lib/console/console-policy.ts";
import { synthesize } from "../synthesized-stack.ts";

const ISSUER = "https://login.example/tenant";
const CONNECT_TO = "https://oauth.login.example";
const WITH_CONSOLE = {
  api: { issuer: ISSUER, clientIds: ["billing"] },
  console: { clientId: "console", connectTo: [CONNECT_TO] },
} as const satisfies SettingsInput;

const { template } = synthesize(WITH_CONSOLE);

function distribution() {
  const [found] = Object.values(template.findResources("AWS::CloudFront::Distribution"));
  return found?.["Properties"].DistributionConfig;
}

describe("the console in an account", () => {
  it("is not there unless the settings name its client", () => {
    synthesize().template.resourceCountIs("AWS::CloudFront::Distribution", 0);
  });

  it("has its files in a bucket that nobody but CloudFront reads", () => {
    template.hasResourceProperties("AWS::CloudFront::OriginAccessControl", {
      OriginAccessControlConfig: { SigningBehavior: "always", SigningProtocol: "sigv4" },
    });
    const [bucketId] = Object.entries(template.findResources("AWS::S3::Bucket")).flatMap(([id]) =>
      id.startsWith("Console") ? [id] : [],
    );
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      Bucket: { Ref: bucketId },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: "s3:GetObject",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Condition: { StringEquals: { "AWS:SourceArn": Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it("has the API at the same address, uncached, with the caller's token and without his host", () => {
    const { CacheBehaviors, Origins } = distribution();
    const [behavior] = CacheBehaviors;
    expect(behavior).toMatchObject({
      PathPattern: "/v1/*",
      ViewerProtocolPolicy: "https-only",
      // Managed policies: CachingDisabled and AllViewerExceptHostHeader.
      CachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      OriginRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    });
    expect(behavior.AllowedMethods).toContain("DELETE");
    const origin = Origins.find(({ Id }: { readonly Id: string }) => Id === behavior.TargetOriginId);
    expect(origin).toMatchObject({ OriginPath: "/prod", CustomOriginConfig: { OriginProtocolPolicy: "https-only" } });
  });

  it("keeps no error: what one reader is refused is no other's answer", () => {
    const kept: readonly { readonly ErrorCode: number }[] = distribution().CustomErrorResponses;
    expect(kept.map(({ ErrorCode }) => ErrorCode)).toEqual([400, 403, 404, 405, 414, 500, 501, 502, 503, 504]);
    for (const one of kept) expect(one).toEqual({ ErrorCode: one.ErrorCode, ErrorCachingMinTTL: 0 });
  });

  it("lets a browser ask its own origin and the issuer, and load nothing from elsewhere", () => {
    const expected = contentSecurityPolicy(["https://login.example", CONNECT_TO]);
    expect(expected).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(expected).not.toContain("unsafe");
    template.hasResourceProperties("AWS::CloudFront::ResponseHeadersPolicy", {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: expected, Override: true },
          FrameOptions: { FrameOption: "DENY", Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000 },
        },
      },
    });
  });

  it("gives each page of it index.html, and files as they are", () => {
    const [found] = Object.values(template.findResources("AWS::CloudFront::Function"));
    const code: string = found?.["Properties"].FunctionCode;
    const uriOf = (uri: string): string =>
      runInNewContext(`${code}; handler({ request: { uri: ${JSON.stringify(uri)} } }).uri`) as string;
    for (const path of [
      "/",
      "/transactions/t-1",
      "/merchants/acme",
      "/transactions/a.b",
      "/assets/x.js",
      "/config.json",
    ])
      expect([path, uriOf(path)]).toEqual([path, isPage(path) ? "/index.html" : path]);
  });

  it("is a client whose tokens the API takes, where it takes some alone", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "api-authorizer",
      Environment: { Variables: Match.objectLike({ CLIENT_IDS: "billing,console" }) },
    });
  });

  it("says where it is", () => {
    expect(template.toJSON().Outputs).toHaveProperty("ConsoleUrl");
  });

  it("takes TLS 1.2 at least under a name of one's own", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/abc";
    const settings = { ...WITH_CONSOLE, console: { clientId: "console", domainName: "c.example", certificateArn } };
    synthesize(settings).template.hasResourceProperties("AWS::CloudFront::Distribution", {
      DistributionConfig: { Aliases: ["c.example"], ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021" } },
    });
  });
});

describe("the console with a user pool of the stack's own", () => {
  const WITH_POOL = { api: { cognito: true }, console: { enabled: true } } as const satisfies SettingsInput;
  const ours = synthesize(WITH_POOL).template;

  function clientsOf(given: typeof template) {
    return Object.entries(given.findResources("AWS::Cognito::UserPoolClient"))
      .filter(([, { Properties }]) => Properties.AllowedOAuthFlows.includes("code"))
      .map(([id, { Properties }]) => ({ id, ...Properties }));
  }

  function configOf(given: typeof template): string {
    return JSON.stringify(given.findResources("Custom::CDKBucketDeployment"));
  }

  it("has a client of its own there: a public one, for a code alone, with all scopes of the API", () => {
    const [client, ...others] = clientsOf(ours);
    expect(others).toEqual([]);
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthFlowsUserPoolClient: true,
      SupportedIdentityProviders: ["COGNITO"],
      PreventUserExistenceErrors: "ENABLED",
      AccessTokenValidity: 60,
      RefreshTokenValidity: 60,
    });
    const scopes = JSON.stringify(client.AllowedOAuthScopes);
    expect(scopes).toContain('"openid"');
    expect(scopes.match(/\/[\w]+:\w+/g)).toEqual(Object.keys(SCOPES).map((scope) => `/${scope}`));
  });

  it("comes back from there to its own pages", () => {
    const [client] = clientsOf(ours);
    const [distributionId] = Object.keys(ours.findResources("AWS::CloudFront::Distribution"));
    const pageOf = (path: string) => [
      { "Fn::Join": ["", ["https://", { "Fn::GetAtt": [distributionId, "DomainName"] }, path]] },
    ];
    expect([client.CallbackURLs, client.LogoutURLs]).toEqual([pageOf("/signed-in"), pageOf("/signed-out")]);
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/abc";
    const named = { ...WITH_POOL, console: { enabled: true, domainName: "c.example", certificateArn } };
    expect(clientsOf(synthesize(named).template)[0]?.CallbackURLs).toEqual(["https://c.example/signed-in"]);
  });

  it("reads that client at start, and the API takes its tokens where it takes some clients' alone", () => {
    const [client] = clientsOf(ours);
    expect(configOf(ours)).toContain(`{"Ref":"${client.id}"}`);
    const some = synthesize({ ...WITH_POOL, api: { cognito: true, clientIds: ["billing"] } }).template;
    some.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "api-authorizer",
      Environment: {
        Variables: Match.objectLike({ CLIENT_IDS: { "Fn::Join": ["", ["billing,", { Ref: client.id }]] } }),
      },
    });
  });

  it("has no other client where the settings name one, and none without the console", () => {
    for (const settings of [{ ...WITH_POOL, console: { clientId: "console" } }, { api: { cognito: true } }])
      expect(clientsOf(synthesize(settings).template)).toEqual([]);
  });
});
