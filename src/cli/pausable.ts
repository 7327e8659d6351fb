import { PROVIDER_NAMES } from '../channels/provider-names.js';
import { CHANNELS } from '../domain/channel.js';
import { nearestWord } from '../domain/nearest-word.js';
import { CommandError } from './command-error.js';
import { wrapped } from './wrapped.js';

/** @throws CommandError for what is neither a channel nor a provider: a slip of the pen must not look like success */
export function asPausable(name: string): string {
  const known: readonly string[] = [...CHANNELS, ...PROVIDER_NAMES];
  if (known.includes(name)) return name;
  const meant = nearestWord(name, known);
  const advice = meant === null ? '' : ` Did you mean ${meant}?`;
  const text = `There is no channel or provider ${name}.${advice} Channels are ${CHANNELS.join(', ')}; providers are ${PROVIDER_NAMES.join(', ')}.`;
  throw new CommandError(wrapped(text).join('\n'));
}
