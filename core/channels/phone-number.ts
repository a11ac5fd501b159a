/** Phone numbers, judged before anything is sent: E.164, one that there can be, of a country that may be sent to. */
import { parsePhoneNumberFromString } from "libphonenumber-js/max";

export type JudgedNumber =
  /** @member number E.164, such as `+525512345678` */
  | { readonly kind: "number"; readonly number: string; readonly country: string }
  | { readonly kind: "refused"; readonly why: string };

/** What a number is asked money for by whoever calls it, which those earn by who pump SMS. */
const DEAR = new Set(["PREMIUM_RATE", "SHARED_COST", "UAN", "PAGER", "VOICEMAIL"]);

/**
 * @param text begins with `+`; spaces and hyphens do no harm. No reason repeats it
 * @param countries ISO 3166-1; empty for any
 */
export function judgeNumber(text: string, countries: readonly string[]): JudgedNumber {
  if (!text.trim().startsWith("+")) return refused("the number does not begin with + and the code of its country");
  const parsed = parsePhoneNumberFromString(text);
  if (parsed === undefined || !parsed.isValid() || parsed.ext !== undefined)
    return refused("there is no such phone number");
  const { country, number } = parsed;
  if (country === undefined) return refused("the number is of no country");
  if (DEAR.has(parsed.getType() ?? "")) return refused("the number is none of a person");
  if (countries.length > 0 && !countries.includes(country))
    return refused(`numbers of ${country} are not among channels.sms.countries`);
  return { kind: "number", number, country };
}

function refused(why: string): JudgedNumber {
  return { kind: "refused", why };
}
