/**
 * Acts together with their entry of the audit log, in one `TransactWriteItems`: there is no act without its entry, and
 * no entry of what did not come to pass. An entry is only ever added: its put has the condition that there is none.
 */
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { type AuditEntry, itemOfEntry } from "../audit-log/audit-entry.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

export type AuditedWrite =
  | { readonly kind: "written" }
  /** A condition of an act did not hold. */
  | {
      readonly kind: "refused";
      /** Index of the act. */
      readonly act: number;
      /** The row as it is, where the act asked for it (`ReturnValuesOnConditionCheckFailure`). */
      readonly row: AttributeMap | undefined;
    };

/** Nothing was written, as others write the same rows or there is no capacity; to be tried again. */
export class AuditedWriteError extends PipelineError {
  override readonly name = "AuditedWriteError";
  readonly code = "AUDITED_WRITE_UNAVAILABLE";
}

/** Others that write the same rows at the same time are through at once. */
const ROUNDS = 4;

export class AuditedWrites {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * @param acts none for what is only told, before it is done
   * @throws AuditedWriteError
   */
  async write(entry: AuditEntry, acts: readonly TransactWriteItem[] = []): Promise<AuditedWrite> {
    const noted: TransactWriteItem = {
      Put: {
        TableName: this.#table,
        Item: itemOfEntry(entry) as never,
        ConditionExpression: "attribute_not_exists(entry)",
      },
    };
    let causes = "";
    for (let round = 0; round < ROUNDS; round += 1) {
      try {
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [...acts, noted] }));
        return { kind: "written" };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const { CancellationReasons: reasons = [] } = error;
        const refused = reasons.findIndex(({ Code }) => Code === "ConditionalCheckFailed");
        if (refused >= 0) return { kind: "refused", act: refused, row: reasons[refused]?.Item };
        causes = codesOf(reasons);
        if (!reasons.some(({ Code }) => Code === "TransactionConflict")) break;
      }
    }
    throw new AuditedWriteError(`The write was cancelled (${causes}), expected it to be taken; send it again.`);
  }
}

function codesOf(reasons: readonly CancellationReason[]): string {
  return reasons.flatMap(({ Code }) => (Code === undefined || Code === "None" ? [] : [Code])).join(", ");
}
