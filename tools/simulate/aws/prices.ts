/**
 * Dollars for one of each that the simulation counts. Left out: what is paid at rest whatever is confirmed (NAT
 * gateways by the hour, alarms, dashboards, keys, storage), and intake in front of the table.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";

const MILLION = 1e6;

export const DOLLARS = {
  tableWrite: PRICES_USD.perMillionWrites / MILLION,
  tableRead: PRICES_USD.perMillionReads / MILLION,
  queueCall: PRICES_USD.perMillionQueueRequests / MILLION,
  execution: PRICES_USD.perMillionInvocations / MILLION,
  executionGbSecond: PRICES_USD.perLambdaGbSecond,
  taskVcpuHour: PRICES_USD.perVcpuHour,
  taskGbHour: PRICES_USD.perTaskGbHour,
  egressGb: PRICES_USD.perNatGb + PRICES_USD.perInternetOutGb,
  trace: PRICES_USD.perMillionTraces / MILLION,
  logGb: PRICES_USD.perLogGb,
} as const;

/** Bytes that leave for one call, with TLS and its share of handshakes; the same as the design's model. */
export const BYTES_A_CALL = 2400;
/** Part of transactions that are traced. */
export const TRACED = 0.05;
/**
 * Log bytes of one execution: start, end, report and its metrics. A task prints one line of metrics each ten seconds.
 */
export const LOG_BYTES = { execution: 1000, taskSecond: 150 } as const;
