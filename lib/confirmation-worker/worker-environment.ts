/** The worker's environment: settings and resource names as the variables that its program reads. */
import { confirmationWorkerEnvironment } from "../../containers/confirmation-worker/src/environment.ts";
import { deliveryValues, type DeliveryValuesProps } from "../program/delivery-values.ts";

export const HEALTH_PORT = 8080;

/** Part of a task's window that is kept for ordered groups: neither they nor the others can take it all. */
const ORDERED_SHARE = 1 / 8;
/** What one receive may bring. */
const LEAST_WINDOW = 10;

export interface WorkerEnvironmentProps extends DeliveryValuesProps {
  readonly region: string;
}

export function workerEnvironment(props: WorkerEnvironmentProps): Record<string, string> {
  const { worker } = props.settings;
  const orderedWindow = Math.max(LEAST_WINDOW, Math.floor(worker.window * ORDERED_SHARE));
  return confirmationWorkerEnvironment.write({
    region: props.region,
    ...deliveryValues(props),
    window: Math.max(LEAST_WINDOW, worker.window - orderedWindow),
    orderedWindow,
    stopTimeoutMs: worker.stopTimeoutSeconds * 1000,
    healthPort: HEALTH_PORT,
  });
}
