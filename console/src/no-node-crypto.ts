/** In the place of Node's module, which the verifier asks for where there is no WebCrypto: a browser has it. */
export const webcrypto = globalThis.crypto;
