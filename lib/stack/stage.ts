/**
 * What every stage of the pipeline is handed, and what becomes of a stage's resources when the stack goes.
 * Durable state outlives the stack; only a stack that says it is disposable takes its data along.
 */
import type { Settings } from "../../core/settings/settings.ts";
import type { Bundles } from "../program/programs.ts";
import type { PipelineKeys } from "./keys.ts";

export interface StageProps {
  readonly settings: Settings;
  readonly keys: PipelineKeys;
  readonly bundles: Bundles;
}
