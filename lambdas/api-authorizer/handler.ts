/** `api-authorizer`, which API Gateway asks whose token a request carries: only wires. */
import { pipelineLogger } from "../../core/aws/logger.ts";
import { apiAuthorizerEnvironment } from "./environment.ts";

apiAuthorizerEnvironment.read();
const logger = pipelineLogger();

/** API Gateway answers 401 to this very word. */
const UNAUTHORIZED = "Unauthorized";

export function handler(): Promise<never> {
  logger.info("no token is taken");
  return Promise.reject(new Error(UNAUTHORIZED));
}
