/**
 * The Transactions table as the path uses it: batched consistent reads and batched conditional writes. A batch responds
 * with HTTP 200 whatever becomes of its statements, so each statement's own error is read, and only "condition failed"
 * counts as a response.
 */
import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementInput,
  type BatchExecuteStatementOutput,
  BatchGetItemCommand,
  type BatchGetItemInput,
  type BatchGetItemOutput,
  type BatchStatementError,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";
import type { Statement } from "./statements/statement.ts";
import { statementJson } from "./statements/statement-json.ts";
import { errorLine } from "../errors/error-fields.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** `BatchGetItem` takes 100 keys, `BatchExecuteStatement` 25 statements; neither may name an item twice. */
export const MAX_READS = 100;
export const MAX_WRITES = 25;

const MAX_READ_ROUNDS = 5;

export type WriteResult =
  | { readonly kind: "written" }
  /** The row is no longer as the statement expected it. */
  | { readonly kind: "condition failed" }
  /** The statement can never succeed, for example because the row would grow beyond 400 KB. */
  | { readonly kind: "rejected"; readonly error: string }
  /** Throttled or failed inside the service; worth another attempt. */
  | { readonly kind: "unavailable"; readonly error: string };

/** Some rows could not be read; nothing is known about them. Those that were read with them are here. */
export class RowsUnreadError extends PipelineError {
  override readonly name = "RowsUnreadError";
  readonly code = "ROWS_UNREAD";
  readonly rows: ReadonlyMap<string, AttributeMap>;
  readonly unread: ReadonlySet<string>;

  constructor(message: string, rows: ReadonlyMap<string, AttributeMap>, unread: ReadonlySet<string>) {
    super(message);
    this.rows = rows;
    this.unread = unread;
  }
}

export class TransactionsTable {
  readonly #client: DynamoDBClient;
  readonly #call: FastPathCall;
  readonly name: string;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, name: string, call: FastPathCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.name = name;
  }

  /**
   * Reads rows consistently.
   *
   * @param transactionIds at most 100, each once
   * @returns the rows that exist, by id
   * @throws RowsUnreadError when DynamoDB keeps leaving some unprocessed
   */
  async read(transactionIds: readonly string[]): Promise<Map<string, AttributeMap>> {
    const rows = new Map<string, AttributeMap>();
    let keys = transactionIds.map((transactionId) => ({ transactionId: { S: transactionId } }));
    for (let round = 0; keys.length > 0; round += 1) {
      if (round === MAX_READ_ROUNDS)
        throw new RowsUnreadError(
          `${keys.length} of ${transactionIds.length} rows were left unread ${round} times; the table is throttled.`,
          rows,
          new Set(keys.map(({ transactionId }) => transactionId.S)),
        );
      const input: BatchGetItemInput = { RequestItems: { [this.name]: { Keys: keys, ConsistentRead: true } } };
      const output = await this.#call<BatchGetItemOutput>(
        "BatchGetItem",
        () => JSON.stringify(input),
        () => this.#client.send(new BatchGetItemCommand(input)),
      );
      for (const row of (output.Responses?.[this.name] ?? []) as AttributeMap[])
        rows.set(row["transactionId"]?.S ?? "", row);
      keys = (output.UnprocessedKeys?.[this.name]?.Keys ?? []) as typeof keys;
    }
    return rows;
  }

  /** @param statements at most 25, each for another row. @returns one result a statement, in order */
  async write(statements: readonly Statement[]): Promise<WriteResult[]> {
    try {
      const output = await this.#call<BatchExecuteStatementOutput>(
        "BatchExecuteStatement",
        () => `{"Statements":[${joined(statements)}]}`,
        () => this.#client.send(new BatchExecuteStatementCommand(writeInput(statements))),
      );
      return statements.map((_, index) => {
        const response = output.Responses?.[index];
        return response === undefined
          ? { kind: "unavailable", error: "no response for the statement" }
          : resultOf(response.Error);
      });
    } catch (error) {
      if (!isRefusal(error)) return statements.map(() => ({ kind: "unavailable", error: errorLine(error) }));
      return statements.length === 1 ? [{ kind: "rejected", error: errorLine(error) }] : this.#writeSingly(statements);
    }
  }

  /** A batch that DynamoDB does not even look into holds one that it never will; the others must not wait for that. */
  async #writeSingly(statements: readonly Statement[]): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const statement of statements) results.push(...(await this.write([statement])));
    return results;
  }
}

/** Added up rather than joined: the whole is made one text once, where it is hashed, and not its members before. */
function joined(statements: readonly Statement[]): string {
  let members = "";
  for (const statement of statements) {
    if (members !== "") members += ",";
    members += statementJson(statement);
  }
  return members;
}

function writeInput(statements: readonly Statement[]): BatchExecuteStatementInput {
  return {
    Statements: statements.map(({ text, parameters }) => ({ Statement: text, Parameters: parameters as never })),
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(ValidationException|SerializationException)$/.test(error.name);
}

function resultOf(error: BatchStatementError | undefined): WriteResult {
  if (error === undefined) return { kind: "written" };
  // An insert of a row that exists.
  if (error.Code === "ConditionalCheckFailed" || error.Code === "DuplicateItem") return { kind: "condition failed" };
  const text = `${error.Code}: ${error.Message}`;
  return error.Code === "ValidationError" || error.Code === "ItemCollectionSizeLimitExceeded"
    ? { kind: "rejected", error: text }
    : { kind: "unavailable", error: text };
}
