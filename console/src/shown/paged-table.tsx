/**
 * A list as the API gives it, page by page: the next page comes when somebody asks for it, and "None." is said only of
 * a list that is whole.
 */
import type { ReactNode } from "react";
import {
  type InfiniteData,
  type QueryFunctionContext,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { Page } from "../api/pages.ts";
import { useTexts } from "../texts/texts.tsx";
import { NoneShown } from "./none-shown.tsx";

export type Pages<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

/**
 * @param read a page; the cursor is undefined for the first one
 * @param againEveryMs milliseconds after which all of them are read anew. @default never
 */
export function usePages<Item>(
  queryKey: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  againEveryMs?: number,
): Pages<Item> {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }: QueryFunctionContext<readonly unknown[], string>) =>
      read(pageParam === "" ? undefined : pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...(againEveryMs !== undefined && { refetchInterval: againEveryMs }),
  });
}

export function itemsOf<Item>({ data }: Pages<Item>): readonly Item[] {
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

export interface PagedTableProps<Item> extends Omit<
  TableProps<Item>,
  "items" | "footer" | "loading" | "loadingText" | "wrapLines"
> {
  readonly pages: Pages<Item>;
  /** Above the button for the next page. @default nothing */
  readonly below?: ReactNode;
}

/** @see Pages for errors: whoever shows the table says them */
export function PagedTable<Item>({ pages, below, ...table }: PagedTableProps<Item>): ReactNode {
  const texts = useTexts();
  const { data, fetchNextPage, hasNextPage, isFetching } = pages;
  const more = hasNextPage && (
    <Button loading={isFetching} onClick={() => void fetchNextPage()}>
      {texts.more}
    </Button>
  );
  return (
    <Table<Item>
      empty={<NoneShown hasMore={hasNextPage} />}
      {...table}
      items={itemsOf(pages)}
      wrapLines
      loading={isFetching && data === undefined}
      loadingText={texts.reading}
      footer={
        (more !== false || below !== undefined) && (
          <Box textAlign="center">
            <SpaceBetween size="xs">
              {below}
              {more}
            </SpaceBetween>
          </Box>
        )
      }
    />
  );
}
