/** Files as they are imported. */
import type { ReadRow } from "../../../core/imports/row.ts";
import { cutBlocks } from "../../../core/imports/cut-blocks.ts";
import type { FileFormat } from "../../../core/imports/file-format.ts";
import { readBlock, tooLongRow } from "../../../core/imports/read-block.ts";

export const CSV_HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt";

export function csvRow(index: number): string {
  return `t-${index},acme,APPROVED,12.50,EUR,2026-11-22T10:00:00Z`;
}

export interface WholeFile {
  readonly format: FileFormat;
  readonly rows: readonly ReadRow[];
}

/** Of how it is read. */
export interface Cut {
  /** @default as an import has them */
  readonly blockRows?: number;
  /** @default all at once */
  readonly chunkBytes?: number;
}

/** All rows of a file, block by block. @throws Error where it is refused */
export async function rowsOf(file: Buffer | string, merchantId?: string, cut: Cut = {}): Promise<WholeFile> {
  const bytes = Buffer.from(file as string);
  const { blockRows, chunkBytes = bytes.length } = cut;
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const found = await cutBlocks(chunks, { merchantId, ...(blockRows !== undefined && { blockRows }) });
  if ("fault" in found) throw new Error(`${found.fault.code}: ${found.fault.reason}`);
  const { format, blocks } = found;
  const rows = blocks.flatMap((block) =>
    block.isTooLong === true
      ? [tooLongRow(block.line)]
      : readBlock(bytes.subarray(block.from, block.to), block, { format, merchantId }),
  );
  return { format, rows };
}
