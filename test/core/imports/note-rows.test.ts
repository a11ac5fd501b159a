import { describe, expect, it } from "@jest/globals";
import type { NotedElsewhere, SaidElsewhere } from "../../../core/aws/note-elsewhere.ts";
import type { UnknownOne } from "../../../core/aws/unknown-elsewhere.ts";
import { cutBlocks } from "../../../core/imports/cut-blocks.ts";
import { noteRows } from "../../../core/imports/note-rows.ts";
import { readBlock } from "../../../core/imports/read-block.ts";
import { resultHeader, resultRows } from "../../../core/imports/result-file.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const AT = "2026-12-01T11:00:00Z";

async function rowsOf(file: string) {
  const bytes = Buffer.from(file);
  const cut = await cutBlocks([bytes], { of: "confirmations" });
  if ("fault" in cut) throw new Error(`${cut.fault.code}: ${cut.fault.reason}`);
  const { format, blocks } = cut;
  return {
    format,
    rows: blocks.flatMap((block) => readBlock(bytes.subarray(block.from, block.to), block, { format })),
  };
}

async function noted(file: string, results: readonly NotedElsewhere[] = []) {
  const told: SaidElsewhere[] = [];
  const unknown: Record<string, readonly UnknownOne[]> = {};
  const { rows, format } = await rowsOf(file);
  const result = await noteRows(rows, "cron", {
    nowMs: () => NOW,
    noteElsewhere: async (said) => {
      told.push(...said);
      return said.map((_, index) => results[index] ?? { kind: "noted", isOverlap: false, merchantId: "acme" });
    },
    noteUnknown: async (merchantId, ones) => void (unknown[merchantId] = ones),
  });
  if (result.kind !== "over") return { result, told, unknown, format, codes: [] };
  return {
    result,
    told,
    unknown,
    format,
    codes: result.rejected.map(({ line, fault }) => `${line} ${fault.code} ${fault.field}`),
  };
}

describe("the log of an old system", () => {
  it.each([
    ["CSV", `transactionId,version,merchantId,confirmedAt\nt-1,2,acme,${AT}\nt-2,,,${AT}\n`],
    ["CSV of a spreadsheet in Spain", `confirmedAt;transactionId;merchantId;version\n${AT};t-1;acme;2\n${AT};t-2;;\n`],
    [
      "JSON Lines",
      `{"transactionId":"t-1","version":2,"merchantId":"acme","confirmedAt":"${AT}"}\n` +
        `{"transactionId":"t-2","confirmedAt":"${AT}"}`,
    ],
  ])("is read as %s", async (_, file) => {
    const { told, result } = await noted(file);
    const at = Date.parse(AT);
    expect(told).toEqual([
      { transactionId: "t-1", version: 2, at, merchantId: "acme" },
      { transactionId: "t-2", version: 1, at, merchantId: undefined },
    ]);
    expect(result).toEqual({ kind: "over", accepted: 2, rejected: [] });
  });

  it("has rows that cannot be used, each with its field, and the others are noted", async () => {
    const file = `transactionId,version,confirmedAt
t-1,0,${AT}
t-2,1.5,${AT}
t-3,1,yesterday
t-4,1,2026-12-01T13:00:00Z
,1,${AT}
t-6,1,${AT}
`;
    const { told, codes } = await noted(file);
    expect(codes).toEqual([
      "2 field_invalid version",
      "3 field_invalid version",
      "4 field_invalid confirmedAt",
      "5 field_invalid confirmedAt",
      "6 field_invalid transactionId",
    ]);
    expect(told.map(({ transactionId }) => transactionId)).toEqual(["t-6"]);
  });

  it("has rows of what is not here, in a file that can be imported again", async () => {
    const file = `transactionId,confirmedAt\nt-1,${AT}\nt-2,${AT}\nt-3,${AT}\nt-4,${AT}\n`;
    const results = [{ kind: "unknown" }, { kind: "superseded" }, { kind: "foreign" }] as const;
    const { codes, result, format } = await noted(file, results);
    expect(codes).toEqual([
      "2 transaction_unknown transactionId",
      "3 version_superseded version",
      "4 merchant_foreign merchantId",
    ]);
    const rejected = result.kind === "over" ? result.rejected : [];
    const again = await rowsOf(resultHeader(format) + resultRows(rejected, format));
    expect(again.rows).toMatchObject(["t-1", "t-2", "t-3"].map((transactionId) => ({ said: { transactionId } })));
  });

  it("has rows of what is not here, kept by merchant where they say whose they are", async () => {
    const file = `transactionId,version,merchantId,confirmedAt\nt-1,,acme,${AT}\nt-2,3,acme,${AT}\nt-3,,,${AT}\n`;
    const { unknown } = await noted(file, [{ kind: "unknown" }, { kind: "unknown" }, { kind: "unknown" }]);
    expect(unknown).toEqual({
      acme: [
        { transactionId: "t-1", version: 1 },
        { transactionId: "t-2", version: 3 },
      ],
    });
  });

  it("is not over while the table takes nothing", async () => {
    const { result } = await noted(`transactionId,confirmedAt\nt-1,${AT}\n`, [{ kind: "unavailable", error: "slow" }]);
    expect(result).toEqual({ kind: "unavailable", error: "slow" });
  });

  it.each([
    [
      "a column of a transaction",
      `transactionId,amount,confirmedAt\nt-1,1.00,${AT}\n`,
      /^header_unknown_column: .*"amount"/,
    ],
    ["no time", "transactionId,version\nt-1,1\n", /^header_missing_column: got no column confirmedAt/],
  ])("is refused with %s", async (_, file, why) => {
    await expect(rowsOf(file)).rejects.toThrow(why);
  });

  it("is no file of transactions, nor the other way round", async () => {
    const cut = await cutBlocks([Buffer.from(`transactionId,confirmedAt\nt-1,${AT}\n`)]);
    expect(cut).toMatchObject({ fault: { code: "header_unknown_column" } });
  });
});
