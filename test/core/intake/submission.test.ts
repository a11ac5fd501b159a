/**
 * What the schema of submissions takes is what rows are read by, in both directions, with values that are drawn from
 * the schema as the API's document shows it and then spoiled.
 */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseExactJson } from "../../../core/api/exact-json.ts";
import { apiDocument } from "../../../core/api/document.ts";
import { CAMPAIGN, CAMPAIGN_LABEL } from "../../../core/campaigns/campaign.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import type { MerchantEntry } from "../../../core/delivery/merchant-cache.ts";
import { prepareCall } from "../../../core/delivery/prepare.ts";
import { contentAttributes } from "../../../core/intake/content-row.ts";
import { Intake } from "../../../core/intake/intake.ts";
import { payloadAttributes } from "../../../core/intake/payload.ts";
import { type Submission, submissionSchema } from "../../../core/intake/submission.ts";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { confirmationsApi } from "../../../lambdas/confirmations-api/app.ts";
import { describedApi } from "../../support/api/described-operations.ts";
import { valueOf } from "../../support/api/schema-values.ts";
import { spoil } from "../../support/api/spoiled-values.ts";
import { jsonOf } from "../../support/api/value-tree.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const RUNS = 3000;
const NOW = Date.parse("2026-11-22T10:00:00Z");
const MAX_BODY_BYTES = 262_144;
/** Longest URL that is taken in; a row may have a longer one, which is given up when it is called. */
const MAX_URL_LENGTH = 2048;

const { schemas } = describedApi(JSON.parse(JSON.stringify(apiDocument(confirmationsApi({} as never), "/"))) as object);
const pools: ReadonlySet<string> = new Set();
const drawn = (isPlain: boolean) =>
  valueOf({ $ref: "#/components/schemas/BatchTransaction" }, { schemas, pools, isPlain });
// Made once: that takes longer than to draw from one.
const [plain, any] = [drawn(true), drawn(false)];
const sound = fc.boolean().chain((isPlain) => (isPlain ? plain : any));
const anyText = fc
  .tuple(sound, fc.option(spoil, { freq: 2 }))
  .map(([tree, change]) => jsonOf(change === null ? tree : change(tree), String));

const MEMBERS = new Set(Object.keys(schemas["BatchTransaction"]?.properties ?? {}));

describe("the schema of submissions", () => {
  it("takes nothing that a row with it could not be read by", () => {
    let taken = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const submission = submitted(text);
        const row = submission === undefined ? undefined : rowOf(submission);
        if (row === undefined) return;
        taken += 1;
        expect(parseTransaction(row)).toHaveProperty("transaction");
      }),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 10);
  });

  it("takes whatever a producer may write to the table itself", () => {
    let read = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const value = parsed(text);
        const row = value === undefined ? undefined : asWritten(value);
        if (row === undefined || !("transaction" in parseTransaction(row))) return;
        read += 1;
        const result = submissionSchema.safeParse(value);
        expect(result.success ? [] : result.error.issues).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 10);
  });
});

describe("intake", () => {
  const merchantOf = (merchantId: string): MerchantEntry => ({
    merchant: { merchantId, confirmationUrl: "https://merchant.example/hook" } as MerchantEntry["merchant"],
    keys: undefined,
  });
  const guard = new AddressGuard([], [], []);
  const intake = new Intake({
    table: neverCalled("table") as never,
    merchants: { get: neverCalled("merchants") as never },
    guard,
    maxBodyBytes: MAX_BODY_BYTES,
    rowKeys: { dueShards: 4, merchantShards: 2, leaseMs: 60_000 },
    nowMs: () => NOW,
  });

  it("takes nothing that would be given up before it is called", () => {
    let taken = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const submission = submitted(text);
        if (submission === undefined) return;
        const entry = merchantOf(submission.merchantId);
        const result = intake.rowOf({ submission }, new Map([[submission.merchantId, entry]]), "tests", NOW);
        if (!("row" in result)) return;
        taken += 1;
        const prepared = prepareCall(result.row, {
          merchants: { get: () => entry },
          guard,
          deadlineMs: 1000,
          maxBodyBytes: MAX_BODY_BYTES,
        });
        expect(prepared).not.toHaveProperty("code");
      }),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 20);
  });
});

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function submitted(text: string): Submission | undefined {
  return submissionSchema.safeParse(parsed(text)).data;
}

function rowOf(submission: Submission): AttributeMap | undefined {
  const content = contentAttributes(submission);
  if ("faults" in content) return undefined;
  return { transactionId: { S: submission.transactionId }, version: { N: "1" }, ...content.attributes };
}

/** By a producer that checks nothing; undefined for what the table has in another form, or not at all. */
function asWritten(value: unknown): AttributeMap | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const row: Record<string, AttributeValue> = { version: { N: "1" } };
  for (const [name, member] of Object.entries(value)) {
    if (!MEMBERS.has(name)) return undefined;
    // A label of another form keeps no row from being delivered; the API refuses it, as its caller can mend it.
    if (name === CAMPAIGN && !(typeof member === "string" && CAMPAIGN_LABEL.test(member))) return undefined;
    if (typeof member === "string") {
      // The table keeps text of well-formed Unicode alone.
      if (!member.isWellFormed() || (name === "confirmationUrl" && member.length > MAX_URL_LENGTH)) return undefined;
      row[name] = { S: member };
    } else if (typeof member === "object" && member !== null && !Array.isArray(member)) {
      const map = payloadAttributes(member as Readonly<Record<string, unknown>>, []);
      if (map === undefined) return undefined;
      row[name] = { M: map };
    } else row[name] = { BOOL: true };
  }
  return row;
}
