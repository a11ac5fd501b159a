/**
 * How large an SMS is, as carriers count and bill it: in parts of 140 bytes. What is all of GSM 03.38 has seven bits a
 * character; one character outside of it, such as `á` or `ç`, and all of the text has sixteen. A text of several parts
 * has less room in each (AWS End User Messaging SMS User Guide, "SMS character limits").
 */

export interface SmsSize {
  readonly encoding: "GSM 03.38" | "UCS-2";
  /** Characters of GSM, of which those of its extension count twice; else units of UTF-16. */
  readonly characters: number;
  /** Each of them is paid. */
  readonly parts: number;
}

interface Alphabet {
  /** Characters of a text of one part, of each of several, and of all of it at most. */
  readonly alone: number;
  readonly each: number;
  readonly most: number;
}

const ALPHABETS: Readonly<Record<SmsSize["encoding"], Alphabet>> = {
  "GSM 03.38": { alone: 160, each: 153, most: 1530 },
  "UCS-2": { alone: 70, each: 67, most: 630 },
};

/** 3GPP TS 23.038, 6.2.1 and 6.2.1.1. */
const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
    "abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_EXTENSION = new Set("\f^{}\\[~]|€");

export function smsSize(text: string): SmsSize {
  const gsm = gsmCharacters(text);
  const encoding = gsm === undefined ? "UCS-2" : "GSM 03.38";
  const characters = gsm ?? text.length;
  const { alone, each } = ALPHABETS[encoding];
  return { encoding, characters, parts: characters <= alone ? 1 : Math.ceil(characters / each) };
}

/** @returns undefined for one that the service takes; else what it has too many of */
export function whySmsTooLarge(text: string): string | undefined {
  const { encoding, characters } = smsSize(text);
  const { most } = ALPHABETS[encoding];
  if (characters <= most) return undefined;
  const how = encoding === "UCS-2" ? "some of them not in GSM 03.38, of which it takes" : "of which it takes";
  return `an SMS of ${characters} characters, ${how} ${most} at most,`;
}

/** @returns undefined where one of them is none of its */
function gsmCharacters(text: string): number | undefined {
  let count = 0;
  for (const character of text) {
    if (GSM.has(character)) count += 1;
    else if (GSM_EXTENSION.has(character)) count += 2;
    else return undefined;
  }
  return count;
}
