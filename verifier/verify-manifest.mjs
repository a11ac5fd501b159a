/**
 * Verifies manifests: that one says what was signed, that its lines are those that were signed, that counts and sums
 * are right, and that several follow one another. Depends on nothing but Node (20 and later), and shares no code with
 * whatever wrote the manifest.
 *
 *   const manifest = await verifyManifest({ file, readLines: (name) => readFile(name), keys });
 *
 * What cannot be trusted throws a ManifestError with a `code` and a sentence that says what is wrong.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

const FORMAT = "confirmation-manifest/1";
/** With lines of what another system confirmed, which say so, and are counted apart. */
const FORMAT_ELSEWHERE = "confirmation-manifest/2";
const OUTCOMES = { CONFIRMED: "confirmed", FAILED: "failed", PENDING: "unsettled", SCHEDULED: "unsettled" };
const LINE_MEMBERS = ["transactionId", "version", "state", "outcome", "amount", "currency", "settledAt"];
const ELSEWHERE = new Set(["shadow", "mirror", "elsewhere"]);
const FILE_NAME = /^lines-[\w-]{43}\.jsonl$/;

/** Why a manifest is not trusted, or could not be checked. */
export class ManifestError extends Error {
  /**
   * @param {string} code stays the same from release to release
   * @param {string} message for a person
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "ManifestError";
    this.code = code;
  }
}

/**
 * @param {object} given
 * @param {Uint8Array | string} given.file the manifest's file, exactly as it came
 * @param {(name: string) => Promise<Uint8Array | string>} given.readLines a file of lines that the manifest names
 * @param {object | readonly object[]} given.keys JSON Web Keys, or sets of them
 * @returns {Promise<object>} the manifest
 * @throws {ManifestError}
 */
export async function verifyManifest({ file, readLines, keys }) {
  const manifest = await signedBy(textOf(file), keysOf(keys));
  await checkLines(manifest, readLines);
  return manifest;
}

/**
 * Verifies manifests of one merchant that follow one another, in any order. Only the newest needs a key that is still
 * published: those before are held by the hash that the next one names.
 *
 * @param {readonly { file: Uint8Array | string, readLines: (name: string) => Promise<Uint8Array | string> }[]} given
 * @returns {Promise<object[]>} the manifests, oldest first
 * @throws {ManifestError}
 */
export async function verifyChain(given, keys) {
  const read = given.map(({ file, readLines }) => ({
    text: textOf(file),
    readLines,
    manifest: parts(textOf(file)).manifest,
  }));
  read.sort((one, other) => one.manifest.sequence - other.manifest.sequence);
  const newest = read.at(-1);
  if (newest === undefined) throw new ManifestError("MANIFEST_UNREADABLE", "There is no manifest to verify.");
  await signedBy(newest.text, keysOf(keys));
  for (const [index, { text, manifest, readLines }] of read.entries()) {
    const next = read[index + 1]?.manifest;
    if (next !== undefined) checkLink({ text, manifest }, next);
    await checkLines(manifest, readLines);
  }
  return read.map(({ manifest }) => manifest);
}

/** The parts of a file, which must be written exactly as signed manifests are: two lines and nothing else. */
function parts(text) {
  const [signed = "", second = "", rest, more] = text.split("\n");
  let manifest;
  let jws;
  try {
    manifest = JSON.parse(signed);
    ({ jws } = JSON.parse(second));
  } catch (cause) {
    throw new ManifestError(
      "MANIFEST_UNREADABLE",
      "The file is no manifest: it must have a line of JSON and a line with its signature.",
      {
        cause,
      },
    );
  }
  if (rest !== "" || more !== undefined || second !== JSON.stringify({ jws }) || typeof jws !== "string")
    throw new ManifestError(
      "MANIFEST_UNREADABLE",
      "The file has more or less in it than a manifest and its signature.",
    );
  const isKnown = manifest?.format === FORMAT || manifest?.format === FORMAT_ELSEWHERE;
  if (!isKnown || !Number.isSafeInteger(manifest.sequence) || !Array.isArray(manifest.files))
    throw new ManifestError(
      "MANIFEST_UNREADABLE",
      `The manifest has format ${manifest?.format}, expected ${FORMAT} or ${FORMAT_ELSEWHERE}.`,
    );
  return { signed, manifest, jws };
}

async function signedBy(text, keys) {
  const { signed, manifest, jws } = parts(text);
  const [encodedHeader = "", payload, encodedSignature = "", more] = jws.split(".");
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(fromBase64Url(encodedHeader)));
  } catch (cause) {
    throw new ManifestError("MANIFEST_UNREADABLE", "The signature of the manifest has no header.", { cause });
  }
  const isKnown = header.alg === "EdDSA" && header.b64 === false && String(header.crit) === "b64";
  if (!isKnown || header.typ !== "confirmation-manifest" || payload !== "" || more !== undefined)
    throw new ManifestError("MANIFEST_UNREADABLE", "The signature is not of the kind that manifests have.");
  const key = keys.get(header.kid);
  if (key === undefined)
    throw new ManifestError(
      "MANIFEST_KEY_UNKNOWN",
      `The manifest is signed with the key ${header.kid}, which is not among the keys given ` +
        `(${[...keys.keys()].join(", ")}). ` +
        "Was the key rotated? Verify it together with all manifests after it.",
    );
  const signature = fromBase64Url(encodedSignature);
  const isCanonical = signature !== undefined && base64Url(signature) === encodedSignature;
  // Node says so at once; what stands in its place in a browser says so later.
  if (!isCanonical || !(await verify(null, new TextEncoder().encode(`${encodedHeader}.${signed}`), key, signature)))
    throw new ManifestError(
      "MANIFEST_SIGNATURE_INVALID",
      "The signature does not fit the manifest: it was changed, or signed by somebody else.",
    );
  return manifest;
}

function checkLink({ text, manifest }, next) {
  const { previous } = next;
  const isNext = next.merchantId === manifest.merchantId && next.sequence === manifest.sequence + 1;
  if (!isNext)
    throw new ManifestError(
      "MANIFEST_CHAIN_BROKEN",
      `Manifest ${next.sequence} of ${next.merchantId} does not follow manifest ${manifest.sequence} of ` +
        `${manifest.merchantId}: one between them is missing, or they are of different merchants.`,
    );
  const sha256 = createHash("sha256").update(text).digest("hex");
  if (previous?.sha256 !== sha256)
    throw new ManifestError(
      "MANIFEST_CHAIN_BROKEN",
      `Manifest ${next.sequence} names another manifest before it than the one given: manifest ` +
        `${manifest.sequence} (${manifest.day}, revision ${manifest.revision}) was changed or replaced.`,
    );
}

/** Counts, sums and the chain again, from the lines alone. */
async function checkLines(manifest, readLines) {
  let chain = hash(JSON.stringify([FORMAT, manifest.merchantId, manifest.day]));
  const totals = { transactions: 0, confirmed: 0, failed: 0, unsettled: 0, unsummed: 0, sums: new Map() };
  for (const { name, lines, chain: end } of manifest.files) {
    if (!FILE_NAME.test(String(name)))
      throw new ManifestError(
        "MANIFEST_UNREADABLE",
        `The manifest names a file ${JSON.stringify(name)}, which is no file of lines.`,
      );
    const texts = linesOf(name, await readLines(name).catch((cause) => missing(name, cause)));
    for (const text of texts) chain = hash(`${chain}\n${text}`);
    const count = texts.length === lines ? "" : `it has ${texts.length} lines, expected ${lines}; `;
    if (chain !== end || count !== "")
      throw new ManifestError(
        "MANIFEST_LINES_CHANGED",
        `${name} is not what was signed: ${count}a line was changed, added, removed or moved.`,
      );
    for (const [index, text] of texts.entries())
      addLine(totals, lineOf(text, `${name}, line ${index + 1}`, manifest.format));
  }
  if (chain !== manifest.chain)
    throw new ManifestError(
      "MANIFEST_LINES_CHANGED",
      "The files do not end where the manifest says that its lines end.",
    );
  const [counted, said] = [JSON.stringify(plain(totals)), JSON.stringify(manifest.totals)];
  if (counted !== said)
    throw new ManifestError(
      "MANIFEST_TOTALS_WRONG",
      `Counts and sums are not those of the lines: the manifest says ${said}, the lines ${counted}.`,
    );
}

function missing(name, cause) {
  throw new ManifestError(
    "MANIFEST_FILE_MISSING",
    `${name} is not there; it lies beside the manifest: ${cause.message}`,
    {
      cause,
    },
  );
}

function linesOf(name, content) {
  const text = textOf(content);
  if (!text.endsWith("\n"))
    throw new ManifestError("MANIFEST_LINES_CHANGED", `${name} is cut off: its last line does not end.`);
  return text.slice(0, -1).split("\n");
}

function lineOf(text, where, format) {
  let line;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw new ManifestError("MANIFEST_UNREADABLE", `${where} is not JSON.`, { cause });
  }
  const { confirmedBy } = line ?? {};
  const members = confirmedBy === undefined ? LINE_MEMBERS : [...LINE_MEMBERS, "confirmedBy"];
  const isElsewhere = line?.state === "CONFIRMED" && ELSEWHERE.has(confirmedBy) && format === FORMAT_ELSEWHERE;
  const isLine = String(Object.keys(line ?? {})) === String(members) && line.state in OUTCOMES;
  if (!isLine || (confirmedBy !== undefined && !isElsewhere))
    throw new ManifestError("MANIFEST_UNREADABLE", `${where} is no line of a manifest.`);
  return line;
}

function addLine(totals, { state, amount, currency, confirmedBy }) {
  const outcome = confirmedBy === undefined ? OUTCOMES[state] : "confirmedElsewhere";
  totals.transactions += 1;
  totals[outcome] = (totals[outcome] ?? 0) + 1;
  if (amount === null || currency === null) {
    totals.unsummed += 1;
    return;
  }
  const sums = totals.sums.get(currency) ?? new Map();
  sums.set("transactions", (sums.get("transactions") ?? 0) + 1);
  for (const name of ["total", outcome]) sums.set(name, added(sums.get(name), amount));
  totals.sums.set(currency, sums);
}

/** As the manifest has them. */
function plain({ sums, confirmedElsewhere, ...counts }) {
  const summed = [...sums.keys()]
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((currency) => {
      const of = sums.get(currency);
      const decimals = ["total", "confirmed", "failed", "unsettled"].map((name) => [name, decimal(of.get(name))]);
      if (of.has("confirmedElsewhere")) decimals.push(["confirmedElsewhere", decimal(of.get("confirmedElsewhere"))]);
      return [currency, { transactions: of.get("transactions"), ...Object.fromEntries(decimals) }];
    });
  const elsewhere = confirmedElsewhere === undefined ? {} : { confirmedElsewhere };
  return { ...counts, ...elsewhere, sums: Object.fromEntries(summed) };
}

/** Exact: a sum is a count of its smallest place, with as many decimal places as the amount with the most. */
function added({ units, places } = { units: 0n, places: 0 }, amount) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? unreadable(amount);
  const most = Math.max(places, fraction.length);
  const size = BigInt(whole + fraction.padEnd(most, "0"));
  return { units: units * 10n ** BigInt(most - places) + (sign === "-" ? -size : size), places: most };
}

function decimal({ units, places } = { units: 0n, places: 0 }) {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const point = digits.length - places;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${places > 0 ? `.${digits.slice(point)}` : ""}`;
}

function unreadable(amount) {
  throw new ManifestError("MANIFEST_UNREADABLE", `${JSON.stringify(amount)} is no amount.`);
}

/** By key id, which is the thumbprint of the key (RFC 7638) and not what the set calls it. */
function keysOf(given) {
  const keys = new Map();
  for (const one of [given].flat()) {
    for (const jwk of Array.isArray(one?.keys) ? one.keys : [one]) {
      if (jwk?.kty !== "OKP" || jwk.crv !== "Ed25519") continue;
      try {
        keys.set(thumbprint(jwk.x), createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: "jwk" }));
      } catch (cause) {
        throw new ManifestError("MANIFEST_KEYS_INVALID", "An ed25519 key of the key set cannot be used.", { cause });
      }
    }
  }
  if (keys.size === 0)
    throw new ManifestError(
      "MANIFEST_KEYS_INVALID",
      "There is no ed25519 key to verify with; expected a JSON Web Key Set.",
    );
  return keys;
}

function thumbprint(x) {
  return hash(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
}

function hash(text) {
  return createHash("sha256").update(text).digest("base64url");
}

/** Undefined for what is none. */
function fromBase64Url(text) {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Bytes that are no UTF-8 would be replaced, and a changed file could pass. */
function textOf(content) {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new ManifestError("MANIFEST_UNREADABLE", "A file is not UTF-8 text.", { cause });
  }
}
