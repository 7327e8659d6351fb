/** DEFAULT_FROM_EMAIL as .env.example has it. */
export const SENDER = { name: 'Chesanto Bakery', address: 'no-reply@example.com' } as const;
