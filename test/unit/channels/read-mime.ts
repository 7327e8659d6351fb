import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as glue from 'mail-parser-wasm/mail_parser_wasm_bg.js';

export interface ReadMessage {
  /** Names in lower case, in their order. */
  readonly headers: readonly string[];
  /** `name <address>`, or the address alone. */
  readonly from: string;
  readonly to: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MODULE = './mail_parser_wasm_bg.js';
const wasm = createRequire(import.meta.url).resolve('mail-parser-wasm/mail_parser_wasm_bg.wasm');
const { instance } = await WebAssembly.instantiate(await readFile(wasm), { [MODULE]: glue });
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

/** Reads a message with the parser of Stalwart, a mail server: nothing in it comes from who writes our messages. */
export function readMime(raw: Buffer): ReadMessage {
  const message = raw.toString('latin1');
  const parsed = glue.parse_message(message);
  return {
    headers: parsed.headers.map(({ key }) => key.toLowerCase()),
    from: parsed.sender,
    to: addressOf('To', message),
    replyTo: addressOf('Reply-To', message),
    subject: parsed.subject,
    text: parsed.text,
    html: parsed.body_html,
  };
}

/** Of all address headers the package gives only From, so the header in question is called that. */
function addressOf(header: string, message: string): string {
  const renamed = message.replace(/^From:/m, 'X-From:').replace(new RegExp(`^${header}:`, 'm'), 'From:');
  return glue.parse_message(renamed).sender;
}
