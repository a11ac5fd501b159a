/**
 * Who is signed in at this machine's issuer, as a browser keeps it until it ends: a page that is loaded anew is signed
 * in anew without a word, as at any issuer. It is not signed, since whoever asks is believed anyway.
 */
export interface Person {
  readonly subject: string;
  /** Of whom alone there is anything to see. */
  readonly merchantId?: string;
}

const NAME = "signed-in";
/** Ports of one machine share cookies: this one goes to the issuer's own paths alone. */
const ATTRIBUTES = "Path=/authorize; HttpOnly; SameSite=Lax";

/** @returns value of `Set-Cookie` */
export function signedInCookie(person: Person): string {
  return `${NAME}=${Buffer.from(JSON.stringify(person)).toString("base64url")}; ${ATTRIBUTES}`;
}

/** @returns value of `Set-Cookie` */
export function signedOutCookie(): string {
  return `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;
}

/** @param cookies value of `Cookie`. @returns undefined where nobody is, or where it cannot be read */
export function personIn(cookies: string | undefined): Person | undefined {
  const given = cookies?.split(/; */).find((cookie) => cookie.startsWith(`${NAME}=`));
  if (given === undefined) return undefined;
  try {
    const text = Buffer.from(given.slice(NAME.length + 1), "base64url").toString("utf8");
    const { subject, merchantId } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof subject !== "string" || subject === "") return undefined;
    return { subject, ...(typeof merchantId === "string" && merchantId !== "" && { merchantId }) };
  } catch {
    return undefined;
  }
}
