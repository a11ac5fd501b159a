/** Configuration of the worker; the only file of it that reads `process.env`. */
import { flag, integer, integerList, parseEnvironment, text, textList } from "../../../core/settings/environment.ts";
import { ENV } from "../../../core/settings/names.ts";

const shape = {
  AWS_REGION: text,
  [ENV.transactionsTable]: text,
  [ENV.merchantsTable]: text,
  [ENV.merchantGatesTable]: text,
  [ENV.confirmationsQueueUrl]: text,
  [ENV.orderedQueueUrl]: text,
  [ENV.deadLetterQueueUrl]: text,
  [ENV.masterKeys]: text,
  [ENV.importedSecretsKeyArn]: text,
  [ENV.dueShards]: integer(1),
  [ENV.merchantShards]: integer(1),
  [ENV.leaseSeconds]: integer(1),
  [ENV.retryScheduleSeconds]: integerList,
  [ENV.inQueueMaxSeconds]: integer(0),
  [ENV.inQueueFailingMax]: integer(0),
  [ENV.maxRetryAfterSeconds]: integer(1),
  [ENV.deliverWithinSeconds]: integer(1),
  [ENV.settledDays]: integer(1),
  [ENV.deadlineMs]: integer(1),
  [ENV.circuitOpenSeconds]: integer(1),
  [ENV.circuitMaxOpenSeconds]: integer(1),
  [ENV.maxBodyBytes]: integer(1),
  [ENV.resendOnClosedConnection]: flag,
  [ENV.allowDestinations]: textList,
  [ENV.refuseDestinations]: textList,
  [ENV.nameServers]: textList.default([]),
  [ENV.window]: integer(1),
  [ENV.orderedWindow]: integer(1),
  [ENV.visibilitySeconds]: integer(1),
  [ENV.stopTimeoutSeconds]: integer(1),
  [ENV.healthPort]: integer(0, 65_535),
  [ENV.debugSamplePercent]: integer(0, 100),
};

/** @throws EnvironmentError that names every variable that is missing or wrong */
export function readWorkerEnvironment() {
  const env = parseEnvironment(shape, process.env);
  return {
    region: env.AWS_REGION,
    transactionsTable: env[ENV.transactionsTable],
    merchantsTable: env[ENV.merchantsTable],
    merchantGatesTable: env[ENV.merchantGatesTable],
    confirmationsQueueUrl: env[ENV.confirmationsQueueUrl],
    orderedQueueUrl: env[ENV.orderedQueueUrl],
    deadLetterQueueUrl: env[ENV.deadLetterQueueUrl],
    masterKeys: env[ENV.masterKeys],
    importedSecretsKeyArn: env[ENV.importedSecretsKeyArn],
    dueShards: env[ENV.dueShards],
    merchantShards: env[ENV.merchantShards],
    leaseMs: env[ENV.leaseSeconds] * 1000,
    retry: {
      scheduleSeconds: env[ENV.retryScheduleSeconds],
      inQueueMaxSeconds: env[ENV.inQueueMaxSeconds],
      maxRetryAfterSeconds: env[ENV.maxRetryAfterSeconds],
    },
    inQueueFailingMax: env[ENV.inQueueFailingMax],
    deliverWithinMs: env[ENV.deliverWithinSeconds] * 1000,
    settledDays: env[ENV.settledDays],
    deadlineMs: env[ENV.deadlineMs],
    circuit: { openMs: env[ENV.circuitOpenSeconds] * 1000, maxOpenMs: env[ENV.circuitMaxOpenSeconds] * 1000 },
    maxBodyBytes: env[ENV.maxBodyBytes],
    resendOnClosedConnection: env[ENV.resendOnClosedConnection],
    allowDestinations: env[ENV.allowDestinations],
    refuseDestinations: env[ENV.refuseDestinations],
    nameServers: env[ENV.nameServers],
    window: env[ENV.window],
    orderedWindow: env[ENV.orderedWindow],
    visibilitySeconds: env[ENV.visibilitySeconds],
    stopTimeoutMs: env[ENV.stopTimeoutSeconds] * 1000,
    healthPort: env[ENV.healthPort],
    debugSamplePercent: env[ENV.debugSamplePercent],
  } as const;
}

export type WorkerEnvironment = ReturnType<typeof readWorkerEnvironment>;
