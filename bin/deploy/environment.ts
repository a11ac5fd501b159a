/** Where the CDK deploys to, as far as its variables say: the SDK knows one of the two alone. */
export function deployRegion(): string | undefined {
  return process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
}
