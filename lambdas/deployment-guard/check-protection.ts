/**
 * Looks, by the clock, whether tables and stack are still protected. What is off makes the run fail: that is counted
 * by Lambda itself, without a metric of our own, and the alarm is on it.
 */
import type { StackLife } from "../../core/aws/stack-life.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export class ProtectionOffError extends PipelineError {
  override readonly name = "ProtectionOffError";
  readonly code = "PROTECTION_OFF";
}

export interface CheckParts {
  readonly tables: readonly string[];
  readonly stackLife: () => Promise<StackLife>;
  /** undefined for a table that is not there */
  readonly isTableProtected: (table: string) => Promise<boolean | undefined>;
}

/** @throws ProtectionOffError */
export async function checkProtection({ tables, stackLife, isTableProtected }: CheckParts): Promise<void> {
  const { status, isProtected } = await stackLife();
  // `cdk deploy` turns termination protection off; `npm run deploy` turns it on again when it is done.
  if (status.endsWith("_IN_PROGRESS")) return;
  const off: string[] = [];
  for (const table of tables) if ((await isTableProtected(table)) !== true) off.push(`deletion protection of ${table}`);
  if (!isProtected) off.push("termination protection of the stack");
  if (off.length === 0) return;
  throw new ProtectionOffError(`${off.join(", ")}: expected on, got off. Run npm run deploy, which turns both on.`);
}
