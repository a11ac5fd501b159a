/**
 * Routes of the API below `/v1`, each with the function behind it and what it may be called. API Gateway takes the most
 * exact resource whether or not it has the method, so that every resource on the way to another one has `ANY` too, and
 * the applications answer what there is not: 404 and 405 as they say it.
 */
import { type IAuthorizer, LambdaIntegration, type MethodDeploymentOptions } from "aws-cdk-lib/aws-apigateway";
import { Validations } from "aws-cdk-lib";
import type { Settings } from "../../core/settings/settings.ts";
import type { PipelineFunction } from "../program/pipeline-function.ts";
import type { PublicApi } from "../public-api/public-api.ts";

/** Without a token, to be read by anyone who thinks of calling it. */
const PUBLIC_PATHS = ["/v1/openapi.json", "/v1/docs"];
const API_PATHS = [
  "/v1/{proxy+}",
  "/v1/merchants",
  "/v1/merchants/{merchantId}",
  "/v1/merchants/{merchantId}/{proxy+}",
];
/** Of the function that holds keys: public ones too, which are made of the same. */
const SECRET_PARTS = ["client-certificate", "keys", "oauth2", "rotate", "secret", "secret-headers"];
const SECRET_PATHS = SECRET_PARTS.map((part) => `/v1/merchants/{merchantId}/${part}`);

/**
 * Settings of a stage know the methods that `ANY` stands for, one by one: API Gateway refuses `ANY` there
 * (hashicorp/terraform-provider-aws#15855).
 */
const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
/** The document is made once and small; nobody needs it often. */
const PUBLIC_LIMITS = { throttlingRateLimit: 20, throttlingBurstLimit: 40 };
/** A person asks for a secret now and then. */
const SECRET_LIMITS = { throttlingRateLimit: 10, throttlingBurstLimit: 20 };

export interface ApiFunctions {
  readonly api: PipelineFunction;
  readonly secrets: PipelineFunction;
}

export function apiRouteLimits(settings: Settings): Readonly<Record<string, MethodDeploymentOptions>> {
  const { ratePerSecond, burst } = settings.api;
  const limits = { throttlingRateLimit: ratePerSecond, throttlingBurstLimit: burst };
  return {
    ...limitsOfAny(PUBLIC_PATHS, PUBLIC_LIMITS),
    ...limitsOfAny(API_PATHS, limits),
    ...limitsOfAny(SECRET_PATHS, SECRET_LIMITS),
  };
}

function limitsOfAny(paths: readonly string[], limits: MethodDeploymentOptions) {
  return Object.fromEntries(paths.flatMap((path) => METHODS.map((method) => [`${path}/${method}`, limits])));
}

export function addApiRoutes({ api }: PublicApi, functions: ApiFunctions, authorizer: IAuthorizer): void {
  const [toApi, toSecrets] = [integrationOf(functions.api), integrationOf(functions.secrets)];
  for (const path of PUBLIC_PATHS) {
    const method = api.root.resourceForPath(path).addMethod("ANY", toApi);
    const isPublic = "It describes the API and holds nothing of anybody's; the method has a rate limit of its own.";
    Validations.of(method).acknowledge(
      { id: "AwsSolutions-APIG4", reason: isPublic },
      { id: "AwsSolutions-COG4", reason: isPublic },
    );
  }
  const routes = [
    ...API_PATHS.map((path) => [path, toApi] as const),
    ...SECRET_PATHS.map((path) => [path, toSecrets] as const),
  ];
  for (const [path, integration] of routes) {
    const method = api.root.resourceForPath(path).addMethod("ANY", integration, { authorizer });
    Validations.of(method).acknowledge({
      id: "AwsSolutions-COG4",
      reason: "Tokens are those of any issuer that the settings name, which api-authorizer verifies.",
    });
  }
}

/** One permission for all routes of a function. */
function integrationOf(handler: PipelineFunction): LambdaIntegration {
  return new LambdaIntegration(handler, { allowTestInvoke: false, scopePermissionToMethod: false });
}
