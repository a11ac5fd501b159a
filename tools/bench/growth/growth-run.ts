/** What a part needs. */
import type { VariantStarter } from "../cost/variant-starter.ts";
import type { BenchOptions } from "../cost/options.ts";
export interface GrowthRun {
  readonly options: BenchOptions;
  readonly starter: VariantStarter;
  readonly note: (line: string) => void;
}
