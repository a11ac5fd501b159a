/** A canary goes through the whole stack to the reference merchant, and is judged by the function that wrote it. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const MINUTE_MS = 60_000;
/** A minute of its own, apart from the one that the schedule runs in. */
const WRITTEN_AT = Date.now() - 60 * MINUTE_MS;

interface CanaryResult {
  readonly written: string;
  readonly judged: string;
  readonly verdict: { readonly kind: string; readonly isInTime?: boolean; readonly latencyMs?: number };
}

let pipeline: Pipeline;

const run = async (atMs: number) =>
  (await pipeline.stack.invoke("canary", { time: new Date(atMs).toISOString() })) as CanaryResult;

/** A log is written behind the run. */
const published = (confirmed: 0 | 1) =>
  waitFor(`the function has published ${confirmed}`, async () =>
    (await pipeline.hasLogged("canary", `"CanaryConfirmed":${confirmed}`)) ? true : undefined,
  );

export function canary(running: () => Pipeline): void {
  beforeAll(() => {
    pipeline = running();
  });

  describe("a canary", () => {
    it("is confirmed by the reference merchant, and its function says so a minute later", async () => {
      const { written, verdict } = await run(WRITTEN_AT);
      expect(verdict).toEqual({ kind: "not written" });
      expect(await pipeline.terminalRow(written)).toMatchObject({
        merchantId: { S: "pipeline-canary" },
        confirmationState: { S: "CONFIRMED" },
        purgeAt: { N: expect.any(String) },
      });
      const later = await run(WRITTEN_AT + MINUTE_MS);
      expect(later).toMatchObject({ judged: written, verdict: { kind: "confirmed", isInTime: true } });
      await published(1);
    });

    it("is sent by the schedule too, without anybody's doing", async () => {
      const written = await waitFor("the schedule has written a canary", async () => {
        for (const minutes of [0, 1, 2]) {
          const id = `canary-${new Date(Date.now() - minutes * MINUTE_MS).toISOString().slice(0, 16)}Z`;
          if ("transactionId" in (await pipeline.row(id))) return id;
        }
        return undefined;
      });
      expect(await pipeline.terminalRow(written)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    });

    it("is not confirmed while no worker runs, and its function says so; afterwards it is", async () => {
      await pipeline.stack.worker.stop();
      const at = WRITTEN_AT + 10 * MINUTE_MS;
      const { written } = await run(at);
      expect((await run(at + MINUTE_MS)).verdict).toEqual({ kind: "unconfirmed", state: "PENDING", attemptCount: 0 });
      await published(0);
      await pipeline.stack.worker.restart();
      expect(await pipeline.terminalRow(written)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    });
  });
}
