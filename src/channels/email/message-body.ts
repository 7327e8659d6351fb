import { Readable } from 'node:stream';

// The default high-water mark of a socket: at most one piece is read ahead of what was written.
const PIECE = 16 * 1024;

export interface MessageBody {
  readonly stream: Readable;
  /** The server said 354 and the first piece was taken. */
  readonly started: () => boolean;
  /**
   * The last piece was taken. Until then the final dot cannot have been written, so the server cannot
   * have accepted the message; from then on nobody can tell, whatever the socket reports.
   */
  readonly handedOver: () => boolean;
}

/** A composed message that gives itself away piece by piece, and knows how far that went. */
export function createMessageBody(message: Buffer): MessageBody {
  let taken = 0;
  let started = false;
  const stream = new Readable({
    highWaterMark: PIECE,
    read() {
      started = true;
      const piece = message.subarray(taken, taken + PIECE);
      taken += piece.length;
      this.push(piece);
      if (taken >= message.length) this.push(null);
    },
  });
  return { stream, started: () => started, handedOver: () => started && taken >= message.length };
}
