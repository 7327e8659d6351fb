import { Readable, Transform } from 'node:stream';

// The default high-water mark of a socket: at most one piece is read ahead of what was written.
const PIECE = 16 * 1024;
/** Goes in one piece: a socket takes it in one call, so whoever is behind it knows no more of where it is. */
const ONE_PIECE = 32 * 1024;

const CRLF = Buffer.from('\r\n');
/** RFC 5321, 4.1.1.4: a line of its own, behind the message's last line end. */
const FINAL_DOT = Buffer.from('.\r\n');

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

/** A composed message that gives itself away, and knows how far that went. */
export const createMessageBody = (message: Buffer): MessageBody =>
  message.length <= ONE_PIECE ? inOnePiece(message) : pieceByPiece(message);

function inOnePiece(message: Buffer): MessageBody {
  let started = false;
  const stream = new Whole(message, () => {
    started = true;
  });
  return { stream, started: () => started, handedOver: () => started };
}

/**
 * Spares most mails the machinery of a stream that is read: nodemailer pipes it once the server said 354. What it pipes
 * it into looks at every byte for dots to double and line ends to mend, of which our messages have none: they go past
 * it. So does the final dot, which goes in the same call of the socket: by itself it is a packet more for every mail.
 */
class Whole extends Readable {
  constructor(
    private readonly message: Buffer,
    private readonly onTaken: () => void,
  ) {
    super();
  }
  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.onTaken();
    if (destination instanceof Transform && this.message.subarray(-2).equals(CRLF)) {
      destination.push(Buffer.concat([this.message, FINAL_DOT]));
      destination.push(null);
    } else destination.end(this.message);
    return destination;
  }
}

function pieceByPiece(message: Buffer): MessageBody {
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
