/**
 * Behaviour of the CDK: what it recommends to new projects, but for what this stack decides otherwise. Here and not in
 * `cdk.json`, so that the template is the same with and without the CLI.
 */
import { createRequire } from "node:module";

type FeatureFlags = Readonly<Record<string, unknown>>;

const recommended = createRequire(import.meta.url)("aws-cdk-lib/recommended-feature-flags.json") as FeatureFlags;

export const FEATURE_FLAGS: FeatureFlags = {
  ...recommended,
  // Would bring a function, a role and a custom resource of the CDK's own, for a group that nothing is ever in.
  "@aws-cdk/aws-ec2:restrictDefaultSecurityGroup": false,
};
