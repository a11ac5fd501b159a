/**
 * `POST /v1/imports`: a small file of transactions, CSV or JSON Lines, whose rows are accepted or rejected one by one.
 * A bad row refuses none of the others; a file that cannot be read is refused before any row of it is written.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { acceptRows, type AcceptParts } from "../../../../core/imports/accept-rows.ts";
import { cutBlocks } from "../../../../core/imports/cut-blocks.ts";
import type { FileFault } from "../../../../core/imports/file-fault.ts";
import { BLOCK_ROWS } from "../../../../core/imports/limits.ts";
import { readBlock, tooLongRow } from "../../../../core/imports/read-block.ts";
import { type NoteParts, noteRows } from "../../../../core/imports/note-rows.ts";
import { type RejectedRow, ROW_FAULTS } from "../../../../core/imports/row.ts";
import { requireMayImport } from "./import-parts.ts";
import { rowKindSchema } from "./import-schema.ts";
import { submitterOf } from "../../../../core/intake/intake-record.ts";

/** Of the body; what it holds says which of them it is. */
export const FILE_TYPES = ["text/csv", "application/x-ndjson"] as const;
export const IMPORTS_PATH = "/v1/imports";

const rejectedRowSchema = z
  .strictObject({
    line: z.int().min(1).meta({ description: "Of the file, from 1; the first where a row has several" }),
    transactionId: z.string().optional().meta({ description: "Where the row could be read" }),
    code: z.enum(ROW_FAULTS),
    field: z
      .string()
      .meta({ description: "Column or member; empty where it is the row as a whole", example: "amount" }),
    reason: z.string().meta({ description: "What was got and what was expected" }),
  })
  .openapi("RejectedRow");

const resultSchema = z
  .strictObject({
    rows: z.int().min(1),
    accepted: z.int().min(0).meta({ description: "Rows that are in the table now, or were before" }),
    rejected: z.array(rejectedRowSchema),
  })
  .openapi("ImportResult");

const fileSchema = z.string().openapi({ description: "UTF-8, with a header where it is CSV" });

const route = createRoute({
  ...access("importFile"),
  method: "post",
  path: "/imports",
  tags: ["Imports"],
  summary: "Import a small file",
  description:
    `CSV or JSON Lines of at most ${BLOCK_ROWS} rows. Each row is accepted or rejected by itself, by the rules of a ` +
    "transaction that is submitted; sent again, what was accepted counts as accepted. A token that is narrowed to a " +
    "merchant imports its own. With `of=confirmations` the rows are the log of an old system: what it confirmed is " +
    "noted.",
  request: {
    query: z.strictObject({ of: rowKindSchema.default("transactions") }),
    body: {
      required: true,
      content: Object.fromEntries(FILE_TYPES.map((type) => [type, { schema: fileSchema }])),
    },
  },
  responses: {
    ...problems("importFile", [], true),
    200: { description: "What became of its rows", content: { "application/json": { schema: resultSchema } } },
  },
});

export interface ImportFileParts extends NoteParts {
  readonly intake: AcceptParts["intake"];
  readonly readRows: AcceptParts["read"];
}

export function importFile(app: ApiApp, parts: ImportFileParts): void {
  const { intake, readRows } = parts;
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { merchantId } = principal;
    const { of } = c.req.valid("query");
    requireMayImport(of, merchantId);
    const bytes = Buffer.from(await c.req.arrayBuffer());
    const cut = await cutBlocks([bytes], { merchantId, of });
    const fault = "fault" in cut ? cut.fault : lossIn(bytes);
    if (fault !== undefined || "fault" in cut) throw refused(fault ?? (cut as { fault: FileFault }).fault);
    if (cut.rows > BLOCK_ROWS)
      throw new ApiError(
        "API_BODY_TOO_LARGE",
        `got ${cut.rows} rows, expected at most ${BLOCK_ROWS}; send fewer at once.`,
      );
    const { format } = cut;
    const rows = cut.blocks.flatMap((block) =>
      block.isTooLong === true
        ? [tooLongRow(block.line)]
        : readBlock(bytes.subarray(block.from, block.to), block, { format, merchantId }),
    );
    const by = submitterOf(principal);
    const result =
      of === "confirmations"
        ? await noteRows(rows, by, parts)
        : await acceptRows(rows, { by, merchantId }, { intake, read: readRows });
    if (result.kind === "unavailable")
      throw new ApiError(
        "API_UNAVAILABLE",
        `The table did not take all of it: ${result.error}. Send it again as it is.`,
      );
    const { accepted, rejected } = result;
    return c.json({ rows: rows.length, accepted, rejected: rejected.map(viewOf) }, 200);
  });
}

function refused({ code, reason, line, byte }: FileFault): ApiError {
  const place = [...(line === undefined ? [] : [`line ${line}`]), ...(byte === undefined ? [] : [`byte ${byte}`])].join(
    ", ",
  );
  return new ApiError("API_FILE_REFUSED", `${code}: ${reason}.`, { errors: [{ pointer: place, detail: code }] });
}

function viewOf({ line, transactionId, fault }: RejectedRow): z.infer<typeof rejectedRowSchema> {
  return { line, ...(transactionId !== undefined && { transactionId }), ...fault };
}

const REPLACED = Buffer.from("\uFFFD");

/** On the way here what is no UTF-8 became a character of its own; up to the first one all bytes are as they were. */
function lossIn(bytes: Buffer): FileFault | undefined {
  const byte = bytes.indexOf(REPLACED);
  if (byte < 0) return undefined;
  const line = bytes
    .subarray(0, byte)
    .toString()
    .split(/\r\n|\n|\r/).length;
  const reason =
    `got a byte that is no UTF-8 at byte ${byte}, in line ${line} (it may be Latin-1 or Windows-1252); expected ` +
    "UTF-8. Save it as CSV UTF-8";
  return { code: "file_not_utf8", reason, line, byte };
}
