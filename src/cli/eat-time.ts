// Swedish writes 2026-03-09 08:00:00.
const nairobi = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Africa/Nairobi',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** For people: `2026-03-09 08:00:00 EAT`. */
export const eatTime = (time: Date): string => `${nairobi.format(time)} EAT`;
