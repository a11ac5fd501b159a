import { describe, expect, it } from "@jest/globals";
import { apiOf } from "../../console/src/api/api.ts";
import { faultAt, faultsElsewhere, Refusal } from "../../console/src/api/refusal.ts";

function apiResponding(respond: () => Promise<Response>, onUnauthenticated: () => void = () => undefined) {
  const requests: Request[] = [];
  const api = apiOf({
    origin: "http://console.example",
    token: () => "secret-token",
    onUnauthenticated,
    fetch: (request) => {
      requests.push(request);
      return respond();
    },
  });
  return { requests, get: () => api.ask((client) => client.GET("/v1/access")) };
}

describe("the API as the console calls it", () => {
  it("is at the console's own origin, with the token of who is signed in and no cookies", async () => {
    const { requests, get } = apiResponding(() => Promise.resolve(Response.json({ subject: "anna", scopes: [] })));
    expect(await get()).toEqual({ subject: "anna", scopes: [] });
    const [request] = requests;
    expect(request?.url).toBe("http://console.example/v1/access");
    expect(request?.headers.get("authorization")).toBe("Bearer secret-token");
    expect(request?.credentials).toBe("omit");
  });

  it("tells a refusal with the API's own words", async () => {
    const problem = {
      code: "API_BODY_INVALID",
      detail: "The body cannot be used.",
      requestId: "r-1",
      errors: [{ pointer: "/reason", detail: "expected words" }],
    };
    const { get } = apiResponding(() => Promise.resolve(Response.json(problem, { status: 422 })));
    await expect(get()).rejects.toMatchObject({
      status: 422,
      code: "API_BODY_INVALID",
      message: "The body cannot be used.",
      requestId: "r-1",
      faults: [{ pointer: "/reason", detail: "expected words" }],
    });
  });

  it("tells what is wrong at the field that it is wrong with, and the rest apart", () => {
    const error = new Refusal(422, {
      errors: [
        { pointer: "/headers/x-a", detail: "expected another name" },
        { pointer: "/headers", detail: "expected fewer" },
        { pointer: "/headersOld", detail: "expected none" },
      ],
    });
    expect(faultAt(error, "/headers")).toBe("x-a expected another name; expected fewer");
    expect([faultAt(error, "/url"), faultAt(new Error("no"), "/headers"), faultAt(null, "/headers")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(faultsElsewhere(error, ["/headers"])).toEqual([{ pointer: "/headersOld", detail: "expected none" }]);
  });

  it("tells that nobody responded, and a response that is none of the API's", async () => {
    await expect(apiResponding(() => Promise.reject(new TypeError("failed"))).get()).rejects.toMatchObject({
      status: 0,
    });
    const page = () => Promise.resolve(new Response("<html>", { status: 502, headers: { "x-request-id": "r-2" } }));
    await expect(apiResponding(page).get()).rejects.toMatchObject({ status: 502, requestId: "r-2", message: "" });
  });

  it("says that the session is over when the token holds no longer", async () => {
    let over = 0;
    const unauthenticated = () => Promise.resolve(Response.json({}, { status: 401 }));
    await expect(apiResponding(unauthenticated, () => (over += 1)).get()).rejects.toMatchObject({ status: 401 });
    expect(over).toBe(1);
  });
});
