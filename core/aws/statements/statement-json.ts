/** A statement as a member of a batch, for whoever sends one and makes none itself. */
import type { Statement } from "./statement.ts";

export function statementJson(statement: Statement): string {
  return statement.json ?? JSON.stringify({ Statement: statement.text, Parameters: statement.parameters });
}
