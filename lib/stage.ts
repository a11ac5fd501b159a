/**
 * What every stage of the pipeline is handed, and what becomes of a stage's resources when the stack goes.
 * Durable state outlives the stack; only a stack that says it is disposable takes its data along.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import type { Settings } from "../core/settings.ts";
import type { Bundles } from "./bundle.ts";
import type { PipelineKeys } from "./keys.ts";

export interface StageProps {
  readonly settings: Settings;
  readonly keys: PipelineKeys;
  readonly bundles: Bundles;
}

/** Kept when the stack is deleted or replaces it, but removed again when the very deployment that creates it fails. */
export function durable(settings: Settings): RemovalPolicy {
  return settings.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
