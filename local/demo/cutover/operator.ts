/** Whoever cuts over in the proof: registers merchants, switches one after the other, and every fifth one back. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ShownSwitch } from "../../../core/merchant/cut-over-rule.ts";
import type { DemoApi } from "../demo-api.ts";
import { mirrorUrl } from "./cutover-merchants.ts";
import { ASKED_BACK_MS, type PlannedMerchant } from "./plan-cutover.ts";

interface ShownMerchant {
  readonly merchantId: string;
  readonly switches?: readonly ShownSwitch[];
  readonly liveFrom?: string;
}

export interface OperatorOptions {
  readonly api: DemoApi;
  readonly urlOf: (merchantId: string) => string;
  readonly isStopped: () => boolean;
}

const MERCHANTS_A_PAGE = 100;

export class Operator {
  /** Switches that were made so far, and those of them that go back. */
  switches = 0;
  switchedBack = 0;
  readonly #options: OperatorOptions;

  constructor(options: OperatorOptions) {
    this.#options = options;
  }

  /** Each under the old system, with a mirror where it is to have one. */
  async register(merchants: readonly PlannedMerchant[]): Promise<void> {
    const { api, urlOf } = this.#options;
    for (const { merchantId, mode } of merchants) {
      const mirror = mode === "mirror" && { mirror: { url: mirrorUrl(urlOf(merchantId)) } };
      await api.post("merchants", { merchantId, confirmationUrl: urlOf(merchantId), mode, ...mirror });
      await api.post(`merchants/${merchantId}/vouch`, { reason: "the old system has always called it" });
    }
  }

  /** @param beganMs epoch milliseconds that the plan's times are after */
  async switchAll(merchants: readonly PlannedMerchant[], beganMs: number): Promise<void> {
    const goingBack: Promise<void>[] = [];
    for (const { merchantId, switchedAt, goesBack } of merchants) {
      await this.#sleepUntil(beganMs + switchedAt);
      if (this.#options.isStopped()) return;
      const liveFrom = await this.#switch(merchantId, "live");
      if (goesBack) goingBack.push(this.#back(merchantId, liveFrom + ASKED_BACK_MS));
    }
    await Promise.all(goingBack);
  }

  /** As the old system reads them. */
  async readSwitches(): Promise<ReadonlyMap<string, readonly ShownSwitch[]>> {
    const query = `merchants?limit=${MERCHANTS_A_PAGE}`;
    const found = new Map<string, readonly ShownSwitch[]>();
    let cursor: string | undefined;
    do {
      const page: { items: readonly ShownMerchant[]; nextCursor?: string } = await this.#options.api.get(
        cursor === undefined ? query : `${query}&cursor=${encodeURIComponent(cursor)}`,
      );
      for (const { merchantId, switches } of page.items) if (switches !== undefined) found.set(merchantId, switches);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  /** @param askedAtMs epoch milliseconds; from the earliest moment that may be then */
  async #back(merchantId: string, askedAtMs: number): Promise<void> {
    await this.#sleepUntil(askedAtMs);
    if (this.#options.isStopped()) return;
    await this.#switch(merchantId, "shadow");
    this.switchedBack += 1;
  }

  /** @returns from when, epoch milliseconds */
  async #switch(merchantId: string, mode: "live" | "shadow"): Promise<number> {
    const { switches = [] } = await this.#options.api.put<ShownMerchant>(`merchants/${merchantId}/mode`, { mode });
    this.switches += 1;
    return Date.parse(String(switches.at(-1)?.from));
  }

  async #sleepUntil(ms: number): Promise<void> {
    await sleep(Math.max(0, ms - Date.now()));
  }
}
