/** Who we are to a server that asks for it: a client certificate (mutual TLS). */
export interface TlsIdentity {
  /** Tells identities apart: the certificate's fingerprint. Connections and TLS sessions are kept by it. */
  readonly name: string;
  /** PEM, with the intermediate certificates behind it. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** `2`: where the server offers it, else 1.1. */
export type HttpVersion = "1.1" | "2";
