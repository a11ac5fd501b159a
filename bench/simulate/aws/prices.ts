/**
 * Dollars in us-east-1 (AWS price list, November 2026) of what the simulation counts. Left out: what is paid at rest whatever is
 * confirmed (NAT gateways by the hour, alarms, dashboards, keys, storage), and intake in front of the table.
 */
export const DOLLARS = {
  tableWrite: 0.625e-6,
  tableRead: 0.125e-6,
  queueCall: 0.5e-6,
  execution: 0.2e-6,
  executionGbSecond: 0.0000133334,
  taskVcpuHour: 0.03238,
  taskGbHour: 0.00356,
  egressGb: 0.045 + 0.09,
  trace: 5e-6,
  logGb: 0.5,
} as const;

/** Bytes that leave for one call, with TLS and its share of handshakes; the same as the design's model. */
export const BYTES_A_CALL = 2400;
/** Part of transactions that are traced. */
export const TRACED = 0.05;
/** Log bytes of one execution: start, end, report and its metrics. A task prints one line of metrics each ten seconds. */
export const LOG_BYTES = { execution: 1000, taskSecond: 150 } as const;
