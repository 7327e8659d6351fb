export interface SinkMail {
  readonly to: string;
  /** As it came over the wire, dots doubled. */
  readonly bytes: number;
}

export interface Conversation {
  /** @returns what is to be answered at once */
  take(chunk: Buffer): string;
}

export interface ConversationOptions {
  /** A message is there. @returns its answer, or null if that comes later by other ways */
  readonly onMail: (mail: SinkMail) => string | null;
  readonly onQuit: () => void;
  /** Told the bytes of a message; for one that is wanted whole. */
  readonly onContent?: (chunk: Buffer) => void;
}

const END = Buffer.from('\r\n.\r\n');
const KEPT = END.length - 1;
const EHLO = '250-sink\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 8BITMIME\r\n';

/**
 * The server's side of one SMTP connection, as far as a sender needs one that accepts everything: EHLO, HELO, MAIL,
 * RCPT, DATA, RSET, NOOP, QUIT, also pipelined. The end of a message is searched for in the bytes as they come, and
 * nothing of them is kept: on a small machine the sink takes its processor time from those that are measured.
 */
export function createConversation({ onMail, onQuit, onContent }: ConversationOptions): Conversation {
  let inData = false;
  let commands = '';
  let to = '';
  let bytes = 0;
  // The last bytes before the chunk, since the end of a message may be cut anywhere.
  let tail: Buffer = Buffer.alloc(0);

  const take = (chunk: Buffer): string => {
    let answers = '';
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (inData) {
        const end = endOfMessage(rest);
        onContent?.(end === null ? rest : rest.subarray(0, end));
        bytes += end ?? rest.length;
        if (end === null) break;
        rest = rest.subarray(end);
        inData = false;
        answers += onMail({ to, bytes: bytes - KEPT + 1 }) ?? '';
      } else {
        const line = rest.indexOf(10);
        commands += rest.toString('latin1', 0, line < 0 ? rest.length : line + 1);
        if (line < 0) break;
        rest = rest.subarray(line + 1);
        answers += obey(commands.trimEnd());
        commands = '';
      }
    }
    return answers;
  };

  /** Where the message ends in this chunk, its last dot included. */
  function endOfMessage(chunk: Buffer): number | null {
    const joint = Buffer.concat([tail, chunk.subarray(0, KEPT)]);
    const across = joint.indexOf(END);
    if (across >= 0) return across + END.length - tail.length;
    const within = chunk.indexOf(END);
    if (within >= 0) return within + END.length;
    tail = chunk.length >= KEPT ? chunk.subarray(-KEPT) : joint.subarray(-KEPT);
    return null;
  }

  function obey(line: string): string {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return EHLO;
      case 'HELO':
        return '250 sink\r\n';
      case 'RCPT':
        to = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
        return '250 OK\r\n';
      case 'DATA':
        inData = true;
        bytes = 0;
        // So that a message of nothing ends as well.
        tail = Buffer.from('\r\n');
        return '354 Go on\r\n';
      case 'QUIT':
        onQuit();
        return '221 Bye\r\n';
      case 'MAIL':
      case 'RSET':
      case 'NOOP':
        return '250 OK\r\n';
      default:
        return '502 Not here\r\n';
    }
  }

  return { take };
}
