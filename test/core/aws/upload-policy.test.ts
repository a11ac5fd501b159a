import { S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "@jest/globals";
import { uploadForm } from "../../../core/aws/upload-policy.ts";
import { signingKey } from "../../../core/aws/s3-signer.ts";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");

test("it says bucket, key, length and time, and no more", async () => {
  const credentials = { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" };
  const client = new S3Client({ region: "eu-west-1", credentials });
  const bounds = { bucket: "imports", key: "uploads/j-1", maxBytes: 1000, seconds: 900 };
  const { url, fields } = await uploadForm(client, bounds, NOW);
  expect(url).toBe("https://imports.s3.eu-west-1.amazonaws.com/");
  const { policy = "", "x-amz-signature": signature, ...others } = fields;
  const conditions = Object.entries(others).map(([name, value]) => ({ [name]: value }));
  expect(JSON.parse(Buffer.from(policy, "base64").toString())).toEqual({
    expiration: "2026-11-22T10:15:00.000Z",
    conditions: [{ bucket: "imports" }, ...conditions, ["content-length-range", 1, 1000]],
  });
  expect(others).toEqual({
    key: "uploads/j-1",
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "id/20261122/eu-west-1/s3/aws4_request",
    "x-amz-date": "20261122T100000Z",
    "x-amz-security-token": "token",
  });
  expect(signature).toBe(signingKey("secret", "20261122/eu-west-1/s3/aws4_request").sign("hex", policy));
});

// Amazon S3 API Reference, "Example: Browser-based upload using HTTP POST (using AWS Signature Version 4)".
test("a policy is signed as in AWS's own example", () => {
  const policy =
    "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJza" +
    "Wd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdW" +
    "JsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25" +
    "hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0s" +
    "DQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iO" +
    "iAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYW" +
    "wiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3J" +
    "pdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
  const key = signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20151229/us-east-1/s3/aws4_request");
  expect(key.sign("hex", policy)).toBe("8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
});
