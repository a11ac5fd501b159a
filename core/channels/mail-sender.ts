/**
 * Who a mail comes from, as SES takes it: seven-bit ASCII. A name beyond that is written in encoded words (RFC 2047),
 * one with characters that mean something in a list of addresses stands in quotes (RFC 5322, 3.2.4), and a domain is in
 * Punycode (SES Developer Guide, "Sending formatted email using the Amazon SES API").
 */
import { asciiAddress } from "./email-address.ts";

const WITH_NAME = /^([^<>]*)<([^<>]+)>$/;
const NOT_ASCII = /[^ -~]/;
const SPECIALS = /[()<>[\]:;@\\,."]/;
/** Of an encoded word, which has 75 characters at most. */
const MOST_BYTES = 45;

/** @param sender an address, or `Name <address>` */
export function asciiSender(sender: string): string {
  const [, name = "", given = sender] = WITH_NAME.exec(sender.trim()) ?? [];
  const address = asciiAddress(given.trim()) ?? given.trim();
  const named = name.trim();
  if (named === "") return address;
  return `${NOT_ASCII.test(named) ? encodedWords(named) : quoted(named)} <${address}>`;
}

function quoted(name: string): string {
  return SPECIALS.test(name) ? `"${name.replaceAll(/[\\"]/g, (character) => `\\${character}`)}"` : name;
}

/** Each is of whole characters. */
function encodedWords(name: string): string {
  const words: string[] = [];
  let word = "";
  for (const character of name) {
    if (Buffer.byteLength(word + character) > MOST_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((text) => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`).join(" ");
}
