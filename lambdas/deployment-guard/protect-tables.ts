/**
 * The resource that turns the tables' deletion protection on when all else of the stack is there. In the template it
 * would be on from the first moment, and a first deployment that fails could not be rolled back.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CustomResourceEvent } from "../../core/aws/custom-resource.ts";
import { protectTable } from "../../core/aws/table-protection.ts";
import { decideDeletion } from "./decide-deletion.ts";

export interface ProtectionParts {
  readonly dynamodb: DynamoDBClient;
  readonly stackStatus: () => Promise<string>;
  readonly statusBeforeDeletion: () => Promise<string | undefined>;
}

const REFUSED =
  "the stack ran, and its tables hold what is owed to merchants: expected a stack that was deployed as disposable. " +
  "See docs/operating/deploy.md#taking-it-away";
const ROLLED_BACK = /^UPDATE_ROLLBACK_/;

/** @returns why a deletion is refused */
export async function protectTables(event: CustomResourceEvent, parts: ProtectionParts): Promise<string | undefined> {
  const { tables, isProtecting } = readProperties(event.ResourceProperties);
  const setAll = async (names: readonly string[], wanted: boolean) => {
    for (const name of names) await protectTable(parts.dynamodb, name, wanted);
  };
  if (event.RequestType === "Delete") {
    const deletion = isProtecting ? decideDeletion(await lifeOf(isProtecting, parts)) : "unprotect";
    if (deletion === "unprotect") await setAll(tables, false);
    return deletion === "refuse" ? REFUSED : undefined;
  }
  await setAll(tables, isProtecting);
  // Tables that an update made are deleted by its rollback, which tells here of the list before them.
  const dropped = readProperties(event.OldResourceProperties ?? {}).tables.filter((name) => !tables.includes(name));
  if (dropped.length > 0 && ROLLED_BACK.test(await parts.stackStatus())) await setAll(dropped, false);
  return undefined;
}

async function lifeOf(isProtecting: boolean, { stackStatus, statusBeforeDeletion }: ProtectionParts) {
  const [status, before] = [await stackStatus(), await statusBeforeDeletion()];
  return { isProtecting, status, before };
}

/** CloudFormation hands over all values as text. */
function readProperties({ Tables, Protect }: CustomResourceEvent["ResourceProperties"]) {
  const tables = Array.isArray(Tables) ? Tables.map(String) : [];
  return { tables, isProtecting: String(Protect) === "true" };
}
