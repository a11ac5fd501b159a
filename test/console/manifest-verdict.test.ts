/** What the page says of manifests that somebody chose. How they are verified is the verifier's to test. */
import { hash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { verdictOnManifests } from "../../console/src/audit/manifest-verdict.ts";
import { manifestText } from "../../core/audit/manifest.ts";
import { signedManifest } from "../../core/audit/manifest-signature.ts";
import { privateKeyOf, publicJwk } from "../../core/signing/ed25519-key.ts";

const KEY = privateKeyOf(Buffer.alloc(32, 1));
const KEYS = [publicJwk(KEY)] as never;
const DAY = "2026-11-22";
const FORMAT = "confirmation-manifest/1";

/** Of a day without transactions. */
function manifestOf(merchantId: string, files: Parameters<typeof manifestText>[0]["files"] = []) {
  return signedManifest(
    manifestText({
      format: FORMAT,
      merchantId,
      day: DAY,
      revision: 1,
      sequence: 1,
      writtenAt: "2026-11-23T06:00:00.000Z",
      totals: { transactions: 0, confirmed: 0, failed: 0, unsettled: 0, unsummed: 0, sums: {} },
      files,
      chain: hash("sha256", JSON.stringify([FORMAT, merchantId, DAY]), "base64url"),
      previous: null,
    }),
    KEY,
  );
}

const filesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));

describe("files that somebody chose", () => {
  it("are right where they are what was signed", async () => {
    expect(await verdictOnManifests(filesOf({ "manifest-1.jsonl": manifestOf("acme") }), KEYS, "acme")).toEqual({
      kind: "right",
      manifests: [{ day: DAY, revision: 1, transactions: 0 }],
    });
  });

  it("are wrong where they were changed, in the verifier's words", async () => {
    const changed = manifestOf("acme").replace('"confirmed":0', '"confirmed":1');
    expect(await verdictOnManifests(filesOf({ "manifest-1.jsonl": changed }), KEYS, "acme")).toMatchObject({
      kind: "wrong",
      why: expect.stringContaining("signature"),
    });
  });

  it("are told to lack a file that a manifest names, which is nobody's fault yet", async () => {
    const name = `lines-${"a".repeat(43)}.jsonl`;
    const manifest = manifestOf("acme", [{ name, lines: 1, chain: "x" }]);
    expect(await verdictOnManifests(filesOf({ "manifest-1.jsonl": manifest }), KEYS, "acme")).toEqual({
      kind: "file missing",
      name,
    });
  });

  it("are told to be another merchant's, or no manifest", async () => {
    const files = filesOf({ "manifest-1.jsonl": manifestOf("other") });
    expect(await verdictOnManifests(files, KEYS, "acme")).toEqual({ kind: "other merchant", merchantId: "other" });
    expect(await verdictOnManifests(filesOf({ "lines.jsonl": "" }), KEYS, "acme")).toEqual({ kind: "no manifest" });
  });
});
