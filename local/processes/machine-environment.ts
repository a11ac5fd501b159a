import { resolve } from "node:path";

/**
 * What a program that calls merchants has of this machine: its programs, and the authorities that a person trusts for
 * merchants of their own over https.
 */
export function machineEnvironment(): Record<string, string> {
  const { PATH = "", NODE_EXTRA_CA_CERTS } = process.env;
  return { PATH, ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS: resolve(NODE_EXTRA_CA_CERTS) }) };
}
