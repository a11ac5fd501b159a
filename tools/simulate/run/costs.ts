/** Dollars for what a run has used, by item, from counts of real operations; and what it has called for. */
import type { Settings } from "../../../core/settings/settings.ts";
import {
  addByItem,
  type ByItem,
  type Layout,
  secondByItem,
  type SecondUsed,
} from "../../../lib/cost/per-million/second.ts";
import { layoutFor } from "../aws/mapping.ts";

export class Costs {
  readonly #layout: Layout;
  byItem: ByItem = {};

  /** @param shards of the stream */
  constructor(settings: Settings, shards: number) {
    this.#layout = layoutFor(settings, shards);
  }

  add(used: SecondUsed): void {
    this.byItem = addByItem(this.byItem, secondByItem(this.#layout, used));
  }

  get dollars(): number {
    return Object.values(this.byItem).reduce((sum, usd) => sum + usd, 0);
  }
}
