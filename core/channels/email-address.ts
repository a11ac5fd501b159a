/**
 * Whether a text is one address that a mail can be sent to: no list of them, no name around it, nothing that would
 * begin another header. Stricter than RFC 5322, as SES is: its part before the `@` is ASCII (SES Developer Guide,
 * "Amazon SES email sending limits": no internationalized local parts; a domain is sent as Punycode).
 */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=[^@]{1,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;
const MOST = 320;

export function isEmailAddress(text: string): boolean {
  return text.length <= MOST && ADDRESS.test(text) && !/^\.|\.\.|\.@/.test(text);
}
