import { describe, expect, it } from "@jest/globals";
import { ourErrorOf, StreamResetError } from "../../../../core/http/undici/undici-error.ts";

const INTERNAL_ERROR = 2;
const errorOf = (code: string | undefined) =>
  Object.assign(new Error("what happened"), { http2ErrorCode: INTERNAL_ERROR, ...(code !== undefined && { code }) });

describe("an error on which undici noted how its stream ended", () => {
  it.each([undefined, "ERR_HTTP2_STREAM_ERROR", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"])(
    "is the stream's own with the code %s",
    (code) => {
      const error = ourErrorOf(errorOf(code));
      expect(error).toBeInstanceOf(StreamResetError);
      expect(error.message).toContain("INTERNAL_ERROR");
    },
  );

  it.each(["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "ECONNRESET", "EPIPE"])(
    "is what ended the connection with the code %s, and says so",
    (code) => {
      const given = errorOf(code);
      expect(ourErrorOf(given)).toBe(given);
    },
  );
});
