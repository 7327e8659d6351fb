/** The registry can't be asked now: down, slow, refusing the login, or no registry at all. Wait and ask again. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
}
