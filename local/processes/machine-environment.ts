import { resolve } from "node:path";

/** Where Node keeps what it compiled of programs, if this one has such a place: those that it starts have it too. */
export function compiledPrograms(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

/**
 * What a program that calls merchants has of this machine: its programs, and the authorities that a person trusts for
 * merchants of their own over https.
 */
export function machineEnvironment(): Record<string, string> {
  const { PATH = "", NODE_EXTRA_CA_CERTS } = process.env;
  return { PATH, ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS: resolve(NODE_EXTRA_CA_CERTS) }) };
}
