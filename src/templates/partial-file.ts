/** Where people find the partial or layout of that name: complaints begin with it. */
export const partialFile = (name: string): string =>
  `templates/${name.startsWith('layouts/') ? name : `partials/${name}`}.hbs`;
