/**
 * Takes out of a text what must not be kept: card numbers, tokens, secrets, e-mail addresses, and control characters,
 * which could deceive whoever prints it. It errs on the side of taking out too much. The time it takes grows evenly
 * with the text: every repetition that could be retried from many places is bounded, or begins where no other one
 * can.
 */
const CARD_NUMBER = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
/** A token rather than a word after `Bearer` or `Basic`: eight characters or more, not only small letters. */
const AUTHORIZATION = /\b(bearer|basic)\s{1,8}(?=[a-z]{0,64}[^a-z\s"',;<>])[\w.~+/=-]{8,}/gi;
/** What a JWT may stand in, whole: tried from each "eyJ" to the next point, as many would be as many times as long. */
const DOTTED = /[\w.-]{13,}/g;
const JWT_BEGINS = /(?:^|-)eyJ/;
const LEAST_JWT_PART = 11;
const PREFIXED = /\b(?:whsec|whsk|sk|pk|rk|ghp|xox[abp])[_-][\w+/=-]{8,}|\bAKIA[0-9A-Z]{16}\b/g;
const NAMES = "password|passwd|secret|token|api[-_]?key|authorization|cookie|session[-_]?id";
const NAMED = new RegExp(String.raw`((?:${NAMES})"?\s{0,4}[:=]\s{0,4}"?)(?!\[)[^\s"',;&<>}]+`, "gi");
const E_MAIL = /(?<![\w.+%-])[\w.+%-]+@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/**
 * Something of what every pattern needs, in one pass: most responses are a few words, and seven patterns that find
 * nothing take longer than all that is decided about a response.
 */
const MAY_HOLD = new RegExp(
  String.raw`[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F@]|\d(?:[ -]?\d){12}|bearer|basic|eyJ|` +
    "(?:sec|sk|pk|rk|ghp|xox[abp])[_-]|AKIA|passw|secret|token|api|auth|cookie|session",
  "i",
);

export function redact(text: string): string {
  return MAY_HOLD.test(text) ? redactEach(text) : text;
}

/** Every pattern in turn, whatever the text. */
export function redactEach(text: string): string {
  return text
    .replace(CONTROL, "")
    .replace(AUTHORIZATION, "$1 [token]")
    .replace(DOTTED, withoutJwts)
    .replace(PREFIXED, "[secret]")
    .replace(NAMED, "$1[secret]")
    .replace(E_MAIL, "[e-mail]")
    .replace(CARD_NUMBER, (digits) => (isLuhn(digits) ? "[card number]" : digits));
}

/** A JWT is two or three parts with points between them, of which the first begins with "eyJ": `{"` in base64. */
function withoutJwts(dotted: string): string {
  if (!dotted.includes("eyJ")) return dotted;
  const parts = dotted.split(".");
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string;
    const begins = jwtBeginsIn(part);
    if (begins === -1 || (parts[index + 1] ?? "") === "") kept.push(part);
    else {
      kept.push(`${part.slice(0, begins)}[token]`);
      index += 2;
    }
  }
  return kept.join(".");
}

/** @returns -1 where none does, or too little follows */
function jwtBeginsIn(part: string): number {
  const found = JWT_BEGINS.exec(part);
  if (found === null) return -1;
  const begins = found.index + found[0].length - 3;
  return part.length - begins >= LEAST_JWT_PART ? begins : -1;
}

/** The check digit that every card number ends with (ISO/IEC 7812-1). */
function isLuhn(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
