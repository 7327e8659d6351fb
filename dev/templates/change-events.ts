import type { RequestHandler, Response } from 'express';

/** Tells open pages which reading is the current one, as server-sent events. */
export interface ChangeEvents {
  readonly stream: RequestHandler;
  tell(version: string): void;
}

/** @param current told first, so that a page that missed a change learns of it. */
export function createChangeEvents(current: () => string): ChangeEvents {
  const pages = new Set<Response>();
  return {
    stream(_request, response) {
      response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(`retry: 500\n${event(current())}`);
      pages.add(response);
      response.on('close', () => pages.delete(response));
    },
    tell(version) {
      for (const page of pages) page.write(event(version));
    },
  };
}

const event = (version: string): string => `data: ${version}\n\n`;
