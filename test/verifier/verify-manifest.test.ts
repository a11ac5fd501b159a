/** Manifests as the pipeline writes them, checked by the verifier, which shares no code with it. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { privateKeyOf, publicJwk } from "../../core/signing/ed25519-key.ts";
import { formatOf, type Manifest, manifestText, type PreviousManifest } from "../../core/audit/manifest.ts";
import { manifestHash, signedManifest } from "../../core/audit/manifest-signature.ts";
import { CONFIRMED_BY, writeConfirmedBy } from "../../core/transaction/row/confirmed-by.ts";
import { beginDay, collectLines } from "../../lambdas/audit-transactions/manifests/collect-lines.ts";
import { ManifestError, verifyChain, verifyManifest } from "../../verifier/verify-manifest.mjs";
import { number, text, transactionRow } from "../support/rows.ts";
import { patienceMs } from "../support/machine-speed.ts";

const DAY = "2026-11-22";
const KEY = privateKeyOf(Buffer.alloc(32, 1));
const OTHER_KEY = privateKeyOf(Buffer.alloc(32, 2));
const KEYS = { keys: [publicJwk(KEY)] };

interface Written {
  readonly file: string;
  readonly files: Map<string, string>;
  readonly manifest: Manifest;
}

interface Writing {
  readonly linesPerFile?: number;
  readonly sequence?: number;
  readonly previous?: PreviousManifest | null;
  readonly key?: typeof KEY;
  readonly format?: Manifest["format"];
}

async function write(rows: readonly AttributeMap[], options: Writing = {}): Promise<Written> {
  const { linesPerFile = 3, sequence = 1, previous = null, key = KEY } = options;
  const files = new Map<string, string>();
  const ids = rows.map((row) => row["transactionId"]?.S ?? "");
  let progress = beginDay("m-1", DAY);
  for (let isDone = false; !isDone;) {
    const collected = await collectLines(progress, {
      day: DAY,
      merchantShards: 1,
      linesPerFile,
      table: {
        name: "Transactions",
        read: async (wanted) =>
          new Map(rows.filter((row) => wanted.includes(row["transactionId"]?.S ?? "")).map((row) => [idOf(row), row])),
      },
      page: async (_, limit, from) => {
        const start = Number(from?.["at"]?.N ?? 0);
        const isLast = start + limit >= ids.length;
        return {
          transactionIds: ids.slice(start, start + limit),
          ...(!isLast && { next: { at: number(start + limit) } }),
        };
      },
    });
    ({ progress, isDone } = collected);
    if (collected.file !== undefined) files.set(collected.file.name, collected.file.text);
  }
  const { chain, totals } = progress;
  const manifest: Manifest = {
    format: options.format ?? formatOf(totals),
    merchantId: "m-1",
    day: DAY,
    revision: sequence,
    sequence,
    writtenAt: "2026-11-23T06:00:00.000Z",
    totals,
    files: progress.files,
    chain,
    previous,
  };
  return { file: signedManifest(manifestText(manifest), key), files, manifest };
}

const idOf = (row: AttributeMap): string => row["transactionId"]?.S ?? "";
const given = ({ file, files }: Pick<Written, "file" | "files">) => ({
  file,
  readLines: async (name: string) => {
    const lines = files.get(name);
    if (lines === undefined) throw new Error("ENOENT");
    return lines;
  },
});
const verify = (written: Pick<Written, "file" | "files">, keys: object = KEYS) =>
  verifyManifest({ ...given(written), keys });

async function codeOf(verifying: Promise<unknown>): Promise<string> {
  try {
    await verifying;
  } catch (error) {
    if (error instanceof ManifestError) return error.code;
    throw error;
  }
  return "right";
}

const rows = fc
  .uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, unit: "grapheme" }),
      state: fc.constantFrom("CONFIRMED", "FAILED", "PENDING", "SCHEDULED"),
      amount: fc.constantFrom("12.50", "0.1", "-3", "999999999999999999.999999999999999999", "broken"),
      currency: fc.constantFrom("EUR", "BRL", "eur"),
      settledAt: fc.constantFrom(1_795_341_600_123, 9e15),
      by: fc.constantFrom(undefined, undefined, ...CONFIRMED_BY),
    }),
    { selector: ({ id }) => id, minLength: 2, maxLength: 8 },
  )
  .map((list) =>
    list.map(({ id, state, amount, currency, settledAt, by }) =>
      transactionRow({
        transactionId: text(id),
        confirmationState: text(state),
        stateVersion: number(1),
        amount: text(amount),
        currency: text(currency),
        settledAt: number(settledAt),
        merchantKey: text(`m-1#${DAY}#0`),
        ...(by !== undefined && { confirmedBy: writeConfirmedBy({ version: 1, by }) }),
      }),
    ),
  );

/** Changes the lines of one of the files. */
function withLines(written: Written, change: (lines: string[]) => string[], nth = 0): Pick<Written, "file" | "files"> {
  const [name, content = ""] = [...written.files].at(nth % written.files.size) ?? [""];
  const lines = change(content.trimEnd().split("\n"));
  return { ...written, files: new Map([...written.files, [name ?? "", `${lines.join("\n")}\n`]]) };
}

describe("a manifest", () => {
  it("is right as it was written, with exact sums, whatever the rows hold", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 4 }), async (list, linesPerFile) => {
        const written = await write(list, { linesPerFile });
        expect((await verify(written)).totals).toEqual(JSON.parse(JSON.stringify(written.manifest.totals)));
      }),
    );
  });

  describe("with lines of what another system confirmed", () => {
    const own = { confirmationState: text("CONFIRMED"), stateVersion: number(1), merchantKey: text(`m-1#${DAY}#0`) };
    const two = [
      transactionRow({ ...own, transactionId: text("ours") }),
      transactionRow({
        ...own,
        transactionId: text("theirs"),
        confirmedBy: writeConfirmedBy({ version: 1, by: "shadow" }),
      }),
    ];

    it("counts and sums them apart, and says by its format that it does", async () => {
      const written = await write(two);
      const { format, totals } = await verify(written);
      expect([format, totals]).toEqual([
        "confirmation-manifest/2",
        {
          transactions: 2,
          confirmed: 1,
          failed: 0,
          unsettled: 0,
          unsummed: 0,
          confirmedElsewhere: 1,
          sums: {
            EUR: {
              transactions: 2,
              total: "25.00",
              confirmed: "12.50",
              failed: "0",
              unsettled: "0",
              confirmedElsewhere: "12.50",
            },
          },
        },
      ]);
      const lines = [...written.files.values()].join("").trimEnd().split("\n");
      expect(lines.map((line) => Object.keys(JSON.parse(line)).at(-1))).toEqual(["settledAt", "confirmedBy"]);
    });

    it("is not taken in the first format, which has none", async () => {
      expect(await codeOf(verify(await write(two, { format: "confirmation-manifest/1" })))).toBe("MANIFEST_UNREADABLE");
    });

    it("is as it always was where there are none", async () => {
      const { manifest, files } = await write([two[0] as AttributeMap]);
      expect(manifest.format).toBe("confirmation-manifest/1");
      expect(JSON.stringify([manifest.totals, ...files.values()])).not.toContain("lsewhere");
    });
  });

  it("is right for a day without transactions", async () => {
    expect((await verify(await write([]))).totals).toEqual({
      transactions: 0,
      confirmed: 0,
      failed: 0,
      unsettled: 0,
      unsummed: 0,
      sums: {},
    });
  });

  it("is refused for every single line that is changed, removed, repeated or moved", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), fc.nat(), async (list, file, line) => {
        const written = await write(list);
        const at = (lines: string[]) => line % lines.length;
        const changes: ((lines: string[]) => string[])[] = [
          (lines) => lines.with(at(lines), (lines[at(lines)] ?? "").replace(/"state":"./, '"state":"X')),
          (lines) => lines.toSpliced(at(lines), 1),
          (lines) => lines.toSpliced(at(lines), 0, lines[at(lines)] ?? ""),
          (lines) => (lines.length > 1 ? lines.toReversed() : [...lines, ""]),
        ];
        for (const change of changes)
          expect(await codeOf(verify(withLines(written, change, file)))).toBe("MANIFEST_LINES_CHANGED");
      }),
      { numRuns: 50 },
    );
  });

  it(
    "is refused for every byte of it that is changed",
    async () => {
      const written = await write([transactionRow({ merchantKey: text(`m-1#${DAY}#0`) })]);
      const bytes = Buffer.from(written.file);
      const codes = new Set<string>();
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ 1;
        codes.add(await codeOf(verifyManifest({ ...given(written), file: changed, keys: KEYS })));
      }
      expect(codes).not.toContain("right");
    },
    patienceMs(20_000),
  );

  it("is refused when the files are exchanged, one is gone, or one is cut off", async () => {
    const list = Array.from({ length: 6 }, (_, index) =>
      transactionRow({ transactionId: text(`t-${index}`), merchantKey: text(`m-1#${DAY}#0`) }),
    );
    const written = await write(list);
    const [one, other] = [...written.files];
    if (one === undefined || other === undefined) throw new Error("expected two files");
    const exchanged = new Map([[one[0], other[1]] as const, [other[0], one[1]] as const]);
    expect(await codeOf(verify({ ...written, files: exchanged }))).toBe("MANIFEST_LINES_CHANGED");
    expect(await codeOf(verify({ ...written, files: new Map([one]) }))).toBe("MANIFEST_FILE_MISSING");
    const cut = new Map([...written.files, [one[0], one[1].trimEnd()] as const]);
    expect(await codeOf(verify({ ...written, files: cut }))).toBe("MANIFEST_LINES_CHANGED");
  });

  it("is refused when its counts or sums are not those of its lines, even signed", async () => {
    const { files, manifest } = await write([transactionRow({ merchantKey: text(`m-1#${DAY}#0`) })]);
    const sums = { EUR: { ...manifest.totals.sums["EUR"], total: "12.51" } } as typeof manifest.totals.sums;
    for (const totals of [
      { ...manifest.totals, confirmed: 1 },
      { ...manifest.totals, sums },
    ])
      expect(await codeOf(verify({ files, file: signedManifest(manifestText({ ...manifest, totals }), KEY) }))).toBe(
        "MANIFEST_TOTALS_WRONG",
      );
  });

  it("is refused with another key, and with none", async () => {
    const written = await write([]);
    expect(await codeOf(verify(written, { keys: [publicJwk(OTHER_KEY)] }))).toBe("MANIFEST_KEY_UNKNOWN");
    // A key that only claims to be the one it was signed with.
    const forged = { ...publicJwk(OTHER_KEY), kid: publicJwk(KEY).kid };
    expect(await codeOf(verify(written, forged))).toBe("MANIFEST_KEY_UNKNOWN");
    expect(await codeOf(verify(written, { keys: [] }))).toBe("MANIFEST_KEYS_INVALID");
  });

  it("cannot pass for a webhook: its signed text begins as no webhook's does", async () => {
    const { file } = await write([]);
    const [signed = "", second = ""] = file.split("\n");
    const { jws } = JSON.parse(second) as { jws: string };
    const [, afterDot = ""] = `${jws.split(".")[0]}.${signed}`.split(".");
    expect(afterDot).not.toMatch(/^\d/);
  });
});

describe("manifests one after the other", () => {
  async function three(): Promise<Written[]> {
    const list: Written[] = [];
    for (const sequence of [1, 2, 3]) {
      const before = list.at(-1);
      const previous = before && {
        sequence: before.manifest.sequence,
        day: DAY,
        revision: before.manifest.revision,
        sha256: manifestHash(before.file),
      };
      list.push(await write([], { sequence, previous: previous ?? null, key: sequence < 3 ? OTHER_KEY : KEY }));
    }
    return list;
  }

  it("are right although the keys of the older ones are no longer published", async () => {
    const chain = await verifyChain((await three()).toReversed().map(given), KEYS);
    expect(chain.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it("are refused when one between them is missing", async () => {
    const [first, , third] = await three();
    expect(
      await codeOf(
        verifyChain(
          [first, third].map((one) => given(one as Written)),
          KEYS,
        ),
      ),
    ).toBe("MANIFEST_CHAIN_BROKEN");
  });

  it("are refused when an older one was replaced by another with a good signature", async () => {
    const [first, second, third] = await three();
    const replaced = {
      ...(second as Written),
      file: signedManifest(
        manifestText({ ...(second as Written).manifest, writtenAt: "2027-01-01T00:00:00.000Z" }),
        OTHER_KEY,
      ),
    };
    const chain = [first as Written, replaced, third as Written].map(given);
    expect(await codeOf(verifyChain(chain, KEYS))).toBe("MANIFEST_CHAIN_BROKEN");
  });
});
