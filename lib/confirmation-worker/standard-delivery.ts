/**
 * The standard mode's path from the queues to merchants: tasks in a network with fixed egress addresses, how many of
 * them run, and which merchants are in trouble. Small-account mode has none of this.
 */
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import type { Construct } from "constructs";
import { MerchantInsights } from "../merchants/merchant-insights.ts";
import { Network } from "../network/network.ts";
import { ConfirmationWorker, type ConfirmationWorkerProps } from "./confirmation-worker.ts";
import { WorkerScaling } from "./worker-scaling.ts";

export interface StandardDelivery {
  readonly network: Network;
  readonly service: FargateService;
}

/** @param scope whose children the parts become, under the names that they have always had */
export function standardDelivery(scope: Construct, props: Omit<ConfirmationWorkerProps, "network">): StandardDelivery {
  const network = new Network(scope, "Network", props);
  const { service } = new ConfirmationWorker(scope, "ConfirmationWorker", { ...props, network });
  if (props.settings.insights.merchants) new MerchantInsights(scope, "MerchantInsights", props.settings);
  new WorkerScaling(scope, "WorkerScaling", { settings: props.settings, service, queues: props.queues });
  return { network, service };
}
