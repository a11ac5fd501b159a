/**
 * The canary's own way to the reference merchant: a path that nobody is told, with a limit that nobody else uses up.
 * Whoever floods `/confirmation` must not keep the canary from saying that confirmations get through.
 */
import { Aws, Fn } from "aws-cdk-lib";

/** The random part of the stack's id: the same in each deployment, and known inside the account alone. */
export const CANARY_SECRET = Fn.select(2, Fn.split("/", Aws.STACK_ID));
export const CANARY_PARENT = "canary";
/** One a minute, and its retries. */
export const CANARY_ROUTE_LIMITS = {
  [`/${CANARY_PARENT}/${CANARY_SECRET}/POST`]: { throttlingRateLimit: 5, throttlingBurstLimit: 10 },
};
