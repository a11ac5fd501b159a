/** One spelling for each decimal number, exactly: `12.50`, `012.5` and `1.25e1` are all `12.5`. */

const IS_CANONICAL = /^(?:0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|0\.\d*[1-9]))$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** @returns the text as it is where it is no number */
export function canonicalDecimal(text: string): string {
  if (IS_CANONICAL.test(text)) return text;
  const match = DECIMAL.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  // Where the point is among the digits.
  const point = whole.length + Number(exponent);
  const padded = digits.padStart(digits.length - Math.min(0, point), "0").padEnd(point, "0");
  const at = Math.max(0, point);
  const units = padded.slice(0, at).replace(/^0+/, "") || "0";
  const rest = padded.slice(at).replace(/0+$/, "");
  if (rest === "") return units === "0" ? "0" : sign + units;
  return `${sign}${units}.${rest}`;
}
