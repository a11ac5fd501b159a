/** A refusal in the form of S3's. */
export function errorXml({ code, message }: { readonly code: string; readonly message: string }): string {
  const error = `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return `<?xml version="1.0" encoding="UTF-8"?>${error}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
