/** How many worker tasks run, how large each is, and how much it does at once. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const SCALING = { "operating/scaling.md": "scaling" };

export const workerSettings = z
  .strictObject({
    minTasks: wholeNumber(1, 1000).optional().register(settingTexts, {
      description: "Tasks that always run.",
      unit: "tasks",
      byDefault: "2, one a zone; scaling starts what `targetRatePerSecond` takes when it comes",
      see: SCALING,
    }),
    maxTasks: wholeNumber(1, 1000).optional().register(settingTexts, {
      description: "Most tasks that scaling may start.",
      unit: "tasks",
      byDefault: "40, as many as `peakRatePerSecond` takes",
      see: SCALING,
    }),
    cpu: z.literal([256, 512, 1024, 2048, 4096]).default(1024).register(settingTexts, {
      description: "CPU of a task; 1024 units are one vCPU.",
      unit: "CPU units",
      see: SCALING,
    }),
    memoryMiB: wholeNumber(512, 30_720).default(2048).register(settingTexts, {
      description: "Memory of a task. Fargate must offer it for `worker.cpu`.",
      unit: "MiB",
      see: SCALING,
    }),
    window: wholeNumber(10, 10_000).default(512).register(settingTexts, {
      description: "Webhook calls that a task has in flight at most. One receive brings ten messages.",
      unit: "calls",
      see: SCALING,
    }),
    ratePerTask: wholeNumber(1, 100_000).default(500).register(settingTexts, {
      description: "What one task is counted with when tasks are sized.",
      unit: "confirmations a second",
      see: SCALING,
    }),
    stopTimeoutSeconds: wholeNumber(10, 120)
      .default(120)
      .register(settingTexts, {
        description: "Time between SIGTERM and SIGKILL, in which a task drains. Fargate allows 120 seconds at most.",
        unit: "seconds",
        see: { "architecture.md": "architecture" },
      }),
  })
  .refine(({ minTasks = 0, maxTasks = Number.POSITIVE_INFINITY }) => minTasks <= maxTasks, {
    path: ["minTasks"],
    error: "expected at most worker.maxTasks; lower minTasks or raise maxTasks",
  });
