/**
 * `insert-fake-transactions`: fills the table with test transactions of the reference merchant, at the rate and count
 * and with the share of bad ones that its caller asks for. Nothing invokes it but a person.
 */
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { insertFakeTransactionsEnvironment } from "../../lambdas/insert-fake-transactions/environment.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { ReferenceMerchant } from "../confirmation-webhook/reference-merchant.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

/** As long as Lambda lets a function run. */
const TIMEOUT = Duration.minutes(15);

export interface InsertFakeTransactionsProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly referenceMerchant: ReferenceMerchant;
}

export class InsertFakeTransactions extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: InsertFakeTransactionsProps) {
    super(scope, id);
    const { transactions, merchants, referenceMerchant, settings, keys } = props;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "insertFakeTransactions",
      description: "Inserts test transactions at a chosen rate",
      timeout: TIMEOUT,
      memoryMiB: 1024,
      environment: insertFakeTransactionsEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        confirmationUrl: referenceMerchant.confirmationUrl,
        ...rowKeySettings(settings),
        sampling: settings.tracing,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.insertFakeTransactions),
      }),
    });
    this.function.allow(["dynamodb:PutItem"], [transactions.table.tableArn]);
    this.function.allow(["dynamodb:UpdateItem"], [merchants.table.tableArn]);
    keys.grantUse(this.function);
  }
}
