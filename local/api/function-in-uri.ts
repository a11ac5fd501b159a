/** The function that an integration or an authorizer of API Gateway names in its URI. */

const FUNCTION_IN_URI = /functions\/(arn:[^/]+)\/invocations$/;

/** @returns its ARN */
export function functionInUri(uri: string): string | undefined {
  return FUNCTION_IN_URI.exec(uri)?.[1];
}
