/**
 * Environment of `confirmation-worker`, which its construct writes and it reads. Imports nothing of the program.
 */
import { deliveryVariables } from "../../../core/settings/delivery-variables.ts";
import { declareEnvironment } from "../../../core/settings/environment.ts";
import { integer, secret, seconds, text } from "../../../core/settings/variable-kinds.ts";

export const confirmationWorkerEnvironment = declareEnvironment("confirmation-worker", {
  region: text("AWS_REGION"),
  ...deliveryVariables,
  masterKeys: secret("MASTER_KEYS"),
  window: integer("DELIVERY_WINDOW", { min: 1 }),
  orderedWindow: integer("ORDERED_WINDOW", { min: 1 }),
  stopTimeoutMs: seconds("STOP_TIMEOUT_SECONDS", 1),
  healthPort: integer("HEALTH_PORT", { min: 0, max: 65_535 }),
});

/** @throws EnvironmentError that names every variable that is missing or wrong */
export const readWorkerEnvironment = () => confirmationWorkerEnvironment.read();

export type WorkerEnvironment = ReturnType<typeof readWorkerEnvironment>;
