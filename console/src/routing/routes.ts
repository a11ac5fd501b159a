/**
 * The console's addresses, made and read in one place. An id may hold anything, a slash too, so that each part of a
 * path is encoded and decoded by itself, once.
 */
export type Route =
  | { readonly page: "find" }
  | { readonly page: "transaction"; readonly transactionId: string }
  | { readonly page: "merchant"; readonly merchantId: string }
  | { readonly page: "redeliveries" }
  | { readonly page: "redelivery"; readonly jobId: string }
  | { readonly page: "signed in" }
  | { readonly page: "signed out" }
  | { readonly page: "unknown" };

export const SIGNED_IN_PATH = "/signed-in";
export const SIGNED_OUT_PATH = "/signed-out";
export const REDELIVERIES_PATH = "/redeliveries";

export function routeOf(pathname: string): Route {
  const parts = decoded(pathname);
  if (parts === undefined) return { page: "unknown" };
  const [first = "", id = "", ...more] = parts;
  if (more.length > 0) return { page: "unknown" };
  if (first === "" && id === "") return { page: "find" };
  if (`/${first}` === SIGNED_IN_PATH && id === "") return { page: "signed in" };
  if (`/${first}` === SIGNED_OUT_PATH && id === "") return { page: "signed out" };
  if (first === "transactions" && id !== "") return { page: "transaction", transactionId: id };
  if (first === "merchants" && id !== "") return { page: "merchant", merchantId: id };
  if (`/${first}` === REDELIVERIES_PATH)
    return id === "" ? { page: "redeliveries" } : { page: "redelivery", jobId: id };
  return { page: "unknown" };
}

export function findPath(text?: string): string {
  return text === undefined || text === "" ? "/" : `/?${new URLSearchParams({ q: text }).toString()}`;
}

export function transactionPath(transactionId: string): string {
  return `/transactions/${encodeURIComponent(transactionId)}`;
}

export function merchantPath(merchantId: string): string {
  return `/merchants/${encodeURIComponent(merchantId)}`;
}

export function redeliveryPath(jobId: string): string {
  return `${REDELIVERIES_PATH}/${encodeURIComponent(jobId)}`;
}

function decoded(pathname: string): string[] | undefined {
  try {
    return pathname.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
