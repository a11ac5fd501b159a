/** Sums and order of decimal texts, as amounts are written: no digit passes through a floating-point number. */

/**
 * @param one and
 * @param other decimals such as `-12.50`.
 * @returns their sum, with as many decimal places as the longer one
 */
export function addDecimals(one: string, other: string): string {
  const places = Math.max(placesOf(one), placesOf(other));
  const sum = unitsOf(one, places) + unitsOf(other, places);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${sum < 0n ? "-" : ""}${whole}${places > 0 ? `.${digits.slice(-places)}` : ""}`;
}

/** @returns less than 0 where `one` is the smaller, 0 where both are the same number, else more than 0 */
export function compareDecimals(one: string, other: string): number {
  const places = Math.max(placesOf(one), placesOf(other));
  const [first, second] = [unitsOf(one, places), unitsOf(other, places)];
  return first < second ? -1 : Number(first > second);
}

function placesOf(decimal: string): number {
  const point = decimal.indexOf(".");
  return point === -1 ? 0 : decimal.length - point - 1;
}

/** The decimal as a count of its smallest place. */
function unitsOf(decimal: string, places: number): bigint {
  return BigInt(decimal.replace(".", "") + "0".repeat(places - placesOf(decimal)));
}
