/** A price rule: what one resource of a type costs in a month in which nothing is to be confirmed. */
import type { Settings } from "../../../core/settings/settings.ts";
import type { CostItem } from "../cost-item.ts";
import type { Named, Template } from "../template.ts";

export interface About {
  readonly template: Template;
  readonly settings: Settings;
}

export type Rule = (resource: Named, about: About) => readonly CostItem[];
