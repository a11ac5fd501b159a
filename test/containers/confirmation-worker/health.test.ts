import { describe, expect, it } from "@jest/globals";
import { serveHealth } from "../../../containers/confirmation-worker/src/health.ts";

describe("the health check", () => {
  it("answers 200 while healthy, 503 when not, 404 elsewhere, and never takes a webhook", async () => {
    let isHealthy = true;
    const health = await serveHealth(0, () => isHealthy);
    const statusOf = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${health.port}${path}`)).status;
    try {
      expect(await statusOf("/health")).toBe(200);
      isHealthy = false;
      expect(await statusOf("/health")).toBe(503);
      expect(await statusOf("/")).toBe(404);
      isHealthy = true;
      const webhook = await fetch(`http://127.0.0.1:${health.port}/health`, { method: "POST", body: "{}" });
      expect(webhook.status).toBe(405);
    } finally {
      health.close();
    }
  });
});
