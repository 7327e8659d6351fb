import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/** Whose numbers may be written without a country code: 0712345678. */
const HOME: CountryCode = 'KE';

/** E.164, such as +254712345678; null for what is no possible number (so that it can't be sent to). */
export function e164(written: string): string | null {
  const text = written.trim();
  const number = parsePhoneNumberFromString(text, HOME);
  return number?.isPossible() ? number.number : null;
}
