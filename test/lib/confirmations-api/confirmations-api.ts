import { describe, expect, it } from "@jest/globals";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { TemplatePrograms, WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize(WITH_API);

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the role of a program allows. */
function statementsOf(name: string): readonly Statement[] {
  const found = template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: name } });
  const [roleId] = Object.values(found).map(({ Properties }) => Properties.Role["Fn::GetAtt"][0] as string);
  const policies = Object.values(
    template.findResources("AWS::IAM::Policy", { Properties: { Roles: [{ Ref: roleId }] } }),
  );
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}

/** `/path METHOD` by what answers: the program, and whether a token is asked for. */
function routes(): Map<string, { readonly program: string; readonly authorized: boolean }> {
  const resources = template.findResources("AWS::ApiGateway::Resource");
  const pathOf = (id: string): string => {
    const { PathPart, ParentId } = resources[id]?.["Properties"] ?? {};
    return PathPart === undefined ? "" : `${pathOf(ParentId.Ref ?? "")}/${PathPart}`;
  };
  const methods = Object.values(template.findResources("AWS::ApiGateway::Method")).map(({ Properties }) => Properties);
  return new Map(
    methods.map(({ ResourceId, HttpMethod, AuthorizationType, Integration }) => {
      const [, functionId] = /"(\w+?Function\w+)","Arn"/.exec(JSON.stringify(Integration.Uri)) ?? [];
      const program: string =
        template.findResources("AWS::Lambda::Function")[functionId ?? ""]?.["Properties"].FunctionName;
      const route = `${pathOf(ResourceId.Ref ?? "")} ${HttpMethod}`;
      return [route, { program, authorized: AuthorizationType === "CUSTOM" }];
    }),
  );
}

describe("the API", () => {
  it("is not there without an issuer", () => {
    const { template: without } = synthesize();
    expect(without.findResources("AWS::ApiGateway::Authorizer")).toEqual({});
    for (const FunctionName of ["confirmations-api", "merchant-secrets", "api-authorizer"])
      without.resourcePropertiesCountIs("AWS::Lambda::Function", { FunctionName }, 0);
    expect(without.toJSON().Outputs).not.toHaveProperty("ApiUrl");
    expect(template.toJSON().Outputs).toHaveProperty("ApiUrl");
  });

  it("answers each path itself, and asks for a token on all but those of its own description", () => {
    const api = { program: FUNCTION_NAMES.confirmationsApi, authorized: true };
    const secrets = { program: FUNCTION_NAMES.merchantSecrets, authorized: true };
    expect(Object.fromEntries([...routes()].filter(([route]) => route.startsWith("/v1")))).toEqual({
      "/v1/openapi.json ANY": { ...api, authorized: false },
      "/v1/docs ANY": { ...api, authorized: false },
      "/v1/{proxy+} ANY": api,
      "/v1/merchants ANY": api,
      "/v1/merchants/{merchantId} ANY": api,
      "/v1/merchants/{merchantId}/{proxy+} ANY": api,
      "/v1/merchants/{merchantId}/keys ANY": secrets,
      "/v1/merchants/{merchantId}/secret ANY": secrets,
      "/v1/merchants/{merchantId}/rotate ANY": secrets,
      "/v1/merchants/{merchantId}/client-certificate ANY": secrets,
      "/v1/merchants/{merchantId}/oauth2 ANY": secrets,
      "/v1/merchants/{merchantId}/secret-headers ANY": secrets,
    });
  });

  it("keeps what the authorizer said of a token for five minutes, by its header", () => {
    template.hasResourceProperties("AWS::ApiGateway::Authorizer", {
      Type: "REQUEST",
      IdentitySource: "method.request.header.Authorization",
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  it("has limits by method, as the settings say, and narrow ones for secrets and for everyone", () => {
    const limitsOf = (settings: Parameters<typeof synthesize>[0], path: string, method: string) => {
      const [stage] = Object.values(synthesize(settings).template.findResources("AWS::ApiGateway::Stage"));
      const all: readonly Record<string, unknown>[] = stage?.["Properties"].MethodSettings;
      const found = all.find(({ ResourcePath, HttpMethod }) => ResourcePath === path && HttpMethod === method);
      return [found?.["ThrottlingRateLimit"], found?.["ThrottlingBurstLimit"]];
    };
    const proxy = "/~1v1~1{proxy+}";
    expect(limitsOf(WITH_API, proxy, "POST")).toEqual([4000, 4000]);
    const given = { api: { ...WITH_API.api, ratePerSecond: 70, burst: 90 } };
    expect(limitsOf(given, proxy, "GET")).toEqual([70, 90]);
    expect(limitsOf(given, "/~1v1~1merchants~1{merchantId}~1secret", "POST")).toEqual([10, 20]);
    expect(limitsOf(given, "/~1v1~1openapi.json", "GET")).toEqual([20, 40]);
  });
});

describe("the alarms of the API", () => {
  const alarmsOf = (settings: Parameters<typeof synthesize>[0]) =>
    Object.values(synthesize(settings).template.findResources("AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => Properties,
    );
  const added = alarmsOf(WITH_API);
  const metricsOf = (name: string): readonly string[] =>
    added
      .filter(({ Dimensions }) => JSON.stringify(Dimensions ?? "").includes(`"${name}"`))
      .map(({ MetricName }) => String(MetricName))
      .toSorted();

  it("tell of functions that fail or are held back, and of an issuer that cannot be asked", () => {
    expect(metricsOf("confirmations-api")).toEqual(["Errors", "Throttles"]);
    expect(metricsOf("merchant-secrets")).toEqual(["Errors", "Throttles"]);
    // It refuses tokens by failing: its errors are what strangers send.
    expect(metricsOf("api-authorizer")).toEqual(["IssuerUnavailable", "Throttles"]);
  });

  it("are no more than ten in all in small-account mode, where it publishes no metric", () => {
    const small = { ...WITH_API, delivery: { mode: "lambda" } } as const;
    expect(alarmsOf(small).length).toBeLessThanOrEqual(10);
    const functions = Object.values(synthesize(small).template.findResources("AWS::Lambda::Function"));
    const published = functions
      .map(({ Properties }) => Properties)
      .filter(({ FunctionName }) => /api|secrets/.test(FunctionName))
      .map(({ Environment }) => Environment.Variables.PUBLISHED_METRICS);
    expect(published).toEqual(["", "", ""]);
  });
});

describe("confirmations-api", () => {
  const statements = statementsOf(FUNCTION_NAMES.confirmationsApi);
  const keyIds = Object.keys(template.findResources("AWS::KMS::Key"));
  const keyNamed = (text: string) => keyIds.find((id) => id.startsWith(text)) ?? "none";

  it("may open no secret: nothing of Secrets Manager, and nothing with the key of imported secrets", () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith("secretsmanager:"))).toEqual([]);
    expect(JSON.stringify(statements)).not.toContain(keyNamed("KeysImportedSecrets"));
    const environment = JSON.stringify(new TemplatePrograms(template).environmentOf("confirmationsApi"));
    expect(environment).not.toContain(keyNamed("KeysImportedSecrets"));
    expect(environment).not.toMatch(/MASTER_KEYS|MasterKeys/);
  });

  it("may use the data key as far as DynamoDB, SQS and S3 do in its name", () => {
    const ofKeys = statements.filter(({ Action }) => JSON.stringify(Action).includes("kms:"));
    expect(ofKeys).toHaveLength(1);
    expect(ofKeys[0]).toMatchObject({
      Resource: { "Fn::GetAtt": [keyNamed("KeysData"), "Arn"] },
      Condition: {
        StringEquals: {
          "kms:ViaService": ["dynamodb", "sqs", "s3"].map((service) => ({
            "Fn::Join": ["", [`${service}.`, { Ref: "AWS::Region" }, ".amazonaws.com"]],
          })),
        },
      },
    });
  });

  it("has executions of its own where the settings reserve some", () => {
    const own = { api: { ...WITH_API.api, reservedConcurrency: 30 } };
    synthesize(own).template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: FUNCTION_NAMES.confirmationsApi,
      ReservedConcurrentExecutions: 30,
    });
  });
});
