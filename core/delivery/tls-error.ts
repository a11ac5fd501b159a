/**
 * What went wrong with TLS, in words for a person: alerts of the other side by their names (RFC 8446, section 6.2),
 * what is wrong with its certificate, and of everything else the reason that OpenSSL gives, without the process ids,
 * paths and line ends of its messages.
 */
const ALERTS: Readonly<Record<number, readonly [name: string, means: string]>> = {
  20: ["bad_record_mac", "what we sent did not arrive as it was"],
  22: ["record_overflow", "what we sent was too large for it"],
  40: ["handshake_failure", "it agrees to none of our ciphers, or wants a certificate of ours"],
  42: ["bad_certificate", "it takes no certificate of ours"],
  43: ["unsupported_certificate", "it takes no certificate of ours"],
  44: ["certificate_revoked", "it takes no certificate of ours"],
  45: ["certificate_expired", "it takes no certificate of ours"],
  46: ["certificate_unknown", "it takes no certificate of ours"],
  47: ["illegal_parameter", "it does not understand what we offer"],
  48: ["unknown_ca", "it takes no certificate of ours"],
  49: ["access_denied", "it does not let us in"],
  50: ["decode_error", "it does not understand what we offer"],
  51: ["decrypt_error", "it could not verify what we sent"],
  70: ["protocol_version", "it speaks no version of TLS that we do, which are 1.2 and 1.3"],
  71: ["insufficient_security", "it agrees to none of our ciphers"],
  80: ["internal_error", "something is wrong on its side"],
  86: ["inappropriate_fallback", "it does not understand what we offer"],
  90: ["user_canceled", "it broke off"],
  109: ["missing_extension", "it does not understand what we offer"],
  110: ["unsupported_extension", "it does not understand what we offer"],
  112: ["unrecognized_name", "it knows no host of the name that we asked for"],
  113: ["bad_certificate_status_response", "it does not understand what we offer"],
  115: ["unknown_psk_identity", "it does not know the session that we took up"],
  116: ["certificate_required", "it wants a certificate of ours, and we have none"],
  120: ["no_application_protocol", "it does not speak HTTP/1.1, perhaps HTTP/2 only"],
};

const NOT_TLS = "the port answered, but not with TLS: is it http?";
const TOO_WEAK = "its certificate is signed or keyed too weakly";
const NOT_MEANT = "its certificate is not made out for servers, or by none who may";

/** By codes of Node, which are those of OpenSSL's verification. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate, or one of those that it is signed with, has expired",
  CERT_NOT_YET_VALID: "its certificate, or one of those that it is signed with, is not valid yet",
  CERT_REVOKED: "its certificate was revoked",
  CERT_SIGNATURE_FAILURE: "the signature of its certificate is wrong",
  CERT_UNTRUSTED: "its certificate is signed by an authority that is not trusted",
  CERT_REJECTED: "its certificate is signed by an authority that is not trusted",
  CERT_CHAIN_TOO_LONG: "its certificate comes with too many others",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it has signed its certificate itself, and no authority that is trusted has",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority of its own, which is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes without the intermediate ones (incomplete chain)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the authority behind its certificates is not trusted, or did not come with them",
  UNABLE_TO_GET_ISSUER_CERT: "the authority behind its certificates is not trusted, or did not come with them",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  HOSTNAME_MISMATCH: "its certificate is for another name",
  INVALID_CA: NOT_MEANT,
  INVALID_PURPOSE: NOT_MEANT,
  PATH_LENGTH_EXCEEDED: NOT_MEANT,
  CA_KEY_TOO_SMALL: TOO_WEAK,
  CA_MD_TOO_WEAK: TOO_WEAK,
  EE_KEY_TOO_SMALL: TOO_WEAK,
};

const ALERT = /SSL alert number (\d{1,3})/;
/** `40FD…:error:0A00042E:SSL routines:function:reason:file:line:…` */
const OPENSSL = /error:[0-9A-F]{1,16}:([^:\n]{0,100}):([^:\n]{0,100}):([^:\n]{0,200})/i;
const NOT_TLS_CODES = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
]);
/** Node's own words for a connection that ended within the handshake; its code is that of a reset. */
const BROKEN_OFF = "before secure TLS connection was established";

/** @returns undefined for what has nothing to do with TLS */
export function tlsSentence(code: string, message: string): string | undefined {
  const said = saidOf(code, message);
  return said === undefined ? undefined : `${said} (${code})`;
}

function saidOf(code: string, message: string): string | undefined {
  if (Object.hasOwn(CERTIFICATES, code)) return CERTIFICATES[code];
  if (NOT_TLS_CODES.has(code)) return NOT_TLS;
  if (message.includes(BROKEN_OFF)) return "the connection was closed before TLS was agreed on";
  const alert = ALERT.exec(message)?.[1];
  if (alert !== undefined) {
    const [name, means] = ALERTS[Number(alert)] ?? ["", "it breaks off"];
    return `it ended TLS with the alert ${name === "" ? alert : `${name} (${alert})`}: ${means}`;
  }
  const reason = OPENSSL.exec(message)?.[3];
  return reason === undefined ? undefined : `TLS failed: ${reason.trim()}`;
}
