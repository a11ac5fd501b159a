/** What the routes of merchants work with. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AuditLog } from "../../core/aws/audit-log.ts";
import { AuditedWrites } from "../../core/aws/audited-writes.ts";
import { MerchantHealthActs } from "../../core/aws/merchant-health-acts.ts";
import { MerchantRegistry } from "../../core/aws/merchant-registry.ts";
import { lastFailed, merchantWaits } from "../../core/aws/merchant-waits.ts";
import { unfinishedOf } from "../../core/aws/unfinished.ts";
import type { AddressGuard } from "../../core/delivery/address-guard.ts";
import type { MerchantRoutesParts } from "./merchant-routes.ts";

export interface MerchantPartsOptions {
  readonly client: DynamoDBClient;
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  readonly merchantGatesTable: string;
  readonly auditLogTable: string;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly settledDays: number;
  readonly manifestDays: number;
  readonly guard: AddressGuard;
  readonly nowMs: () => number;
}

export function merchantParts(options: MerchantPartsOptions): MerchantRoutesParts {
  const { client, merchantsTable, merchantGatesTable, auditLogTable, settledDays, manifestDays } = options;
  const audited = new AuditedWrites(client, auditLogTable);
  return {
    registry: new MerchantRegistry(client, merchantsTable, audited),
    healthActs: new MerchantHealthActs(client, merchantGatesTable, audited),
    auditLog: new AuditLog(client, auditLogTable),
    unfinished: (merchantId) => unfinishedOf(merchantId, options),
    waits: (merchantId) => merchantWaits(merchantId, options),
    failed: (merchantId) => lastFailed(merchantId, options),
    retention: { settledDays, manifestDays },
    guard: options.guard,
    nowMs: options.nowMs,
  };
}
