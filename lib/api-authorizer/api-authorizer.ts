/**
 * What API Gateway asks before it lets a request through to the API: whose access token it carries. It authenticates
 * only, since its result is kept for all routes; what the token may do the application decides for each request.
 */
import { Duration } from "aws-cdk-lib";
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { clientsTaken, scopePrefixOf } from "../../core/settings/groups/api.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { apiAuthorizerEnvironment } from "../../lambdas/api-authorizer/environment.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";

/** Long enough for the issuer's metadata and keys, one after the other. */
const TIMEOUT = Duration.seconds(10);
/** How long API Gateway keeps what was said of a token; its expiry is looked at in each request. */
const RESULT_KEPT = Duration.minutes(5);

export interface ApiAuthorizerProps extends StageProps {
  /** As its tokens name it. */
  readonly issuer: string;
  /** Of the console, where there is one. */
  readonly consoleClientId: string | undefined;
}

export class ApiAuthorizer extends Construct {
  readonly authorizer: IAuthorizer;

  constructor(scope: Construct, id: string, props: ApiAuthorizerProps) {
    super(scope, id);
    const { api, delivery } = props.settings;
    const handler = new PipelineFunction(this, "Function", {
      ...props,
      program: "apiAuthorizer",
      description: "Says whose access token a request to the API carries",
      timeout: TIMEOUT,
      environment: apiAuthorizerEnvironment.write({
        issuer: props.issuer,
        audience: api.audience,
        clientIds: clientsTaken(api.clientIds, props.consoleClientId),
        scopePrefix: scopePrefixOf(api),
        merchantClaim: api.merchantClaim,
        publishedMetrics: publishedMetrics(delivery.mode, FUNCTION_NAMES.apiAuthorizer),
      }),
    });
    this.authorizer = new RequestAuthorizer(this, "Authorizer", {
      handler,
      identitySources: [IdentitySource.header("Authorization")],
      resultsCacheTtl: RESULT_KEPT,
    });
  }
}
