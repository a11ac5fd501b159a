/** What becomes of durable state when the stack goes. */
import { RemovalPolicy } from "aws-cdk-lib";
import type { Settings } from "../../core/settings/settings.ts";

/** Kept when the stack is deleted or replaces it, but removed again when the very deployment that creates it fails. */
export function durable(settings: Settings): RemovalPolicy {
  return settings.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
