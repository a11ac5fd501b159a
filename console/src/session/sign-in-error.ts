/** Why signing in did not work, where it is not the issuer that says so. */
export type SignInFault = "no sign-in" | "not begun" | "issuer unreachable";

export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly code: SignInFault;
  readonly issuer: string;

  constructor(code: SignInFault, issuer: string, options?: ErrorOptions) {
    super(`${code}: ${issuer}`, options);
    this.code = code;
    this.issuer = issuer;
  }
}
