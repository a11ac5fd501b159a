/** A time in the reader's zone, with UTC to the millisecond for whoever points at it or copies it. */
import type { ReactNode } from "react";
import { useSpoken } from "../texts/texts.tsx";
import { instantText, utcText } from "./format.ts";

export function Instant({ at }: { readonly at: string }): ReactNode {
  const { language } = useSpoken();
  return (
    <time dateTime={at} title={utcText(at)}>
      {instantText(at, language)}
    </time>
  );
}
