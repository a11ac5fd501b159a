/** What a request of the API carries besides itself. */
import type { LambdaContext, LambdaEvent } from "hono/aws-lambda";
import type { Principal } from "../access/principal.ts";

export interface ApiEnv {
  Bindings: {
    readonly event: LambdaEvent;
    readonly lambdaContext: LambdaContext;
    readonly requestContext?: RequestContext;
  };
  Variables: {
    requestId: string;
    /** Undefined for a request without a token. */
    principal: Principal | undefined;
  };
}

/** Of a proxy event of API Gateway. */
interface RequestContext {
  readonly requestId?: string;
  readonly authorizer?: unknown;
}
