// The package's own entry imports WebAssembly as a module, which Node 20 does only with a flag.
declare module 'mail-parser-wasm/mail_parser_wasm_bg.js' {
  export { parse_message } from 'mail-parser-wasm';
  export function __wbg_set_wasm(exports: object): void;
}

/** As much of it as is used: @types/node has none. */
declare namespace WebAssembly {
  function instantiate(
    module: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
}
