import type { TcpProxy } from '../../helpers/tcp-proxy.js';
import type { Fault, LinkName } from '../fault.js';
import type { Place } from '../fleet.js';
import type { Random } from '../random.js';

interface Trouble {
  readonly what: string;
  begin(link: TcpProxy, random: Random): Promise<void> | void;
  /** What was on its way is lost, so nobody can go on with the connections. */
  readonly breaks?: true;
}

const troubles: readonly Trouble[] = [
  { what: 'slow (20 to 120 ms each way)', begin: (link, random) => link.slow(() => random.whole([20, 120])) },
  {
    // As loss looks from above TCP: what was lost comes after the retransmission, and all behind it waits.
    what: 'lossy (a twentieth comes 0.3 to 1.2 s late)',
    begin: (link, random) =>
      link.slow(() => (random.fraction() < 0.05 ? random.whole([300, 1_200]) : random.whole([0, 5]))),
  },
  { what: 'silent', begin: (link) => link.silence(), breaks: true },
  { what: 'cut', begin: (link) => link.cut() },
];

/** Without these it can't be told, or not be written down, what became of a message. */
const IN_DOUBT_WITHOUT: readonly LinkName[] = ['database', 'smtp'];

/** All that an instance asks this for is kept once it knows it, so somebody has to ask anew. */
const KEPT_FROM: readonly LinkName[] = ['registry'];
/** What the service drains within, and a little. */
const STOPPED_WITHIN_MS = 26_000;

/** The way from every instance to one part: slow, lossy, silent, cut, one after another. */
const linkFault = (name: LinkName, to: string): Fault => ({
  name: `link-${name}`,
  what: `link to ${to}: slow, lossy, silent, cut`,
  instances: 2,
  times: { whole: troubles.length, short: 0 },
  lastsMs: [4_000, 8_000],
  restMs: [12_000, 15_000],
  recovery: { from: 'end', withinMs: 25_000 },
  through: [name],
  async strike({ links, random, fleet, allConnections }, number) {
    const trouble = troubles[number % troubles.length] ?? troubles[0];
    if (trouble === undefined) throw new Error('there is no trouble');
    for (const link of links[name]) await trouble.begin(link, random);
    const anew = KEPT_FROM.includes(name) ? await replaced(random.pick(fleet.places)) : '';
    return {
      what: `the link to ${to} is ${trouble.what}${anew}`,
      async end() {
        for (const link of links[name]) {
          await link.restore();
          if (trouble.breaks) link.dropSome(1);
        }
        return IN_DOUBT_WITHOUT.includes(name) ? allConnections : 0;
      },
    };
  },
});

async function replaced(place: Place): Promise<string> {
  const { life } = place;
  const ended = await place.stop(STOPPED_WITHIN_MS);
  if (ended !== 0) throw new Error(`${life} did not end in order at SIGTERM: ${ended}`);
  await place.start();
  return `, and ${place.life} starts instead of ${life}`;
}

export const linkFaults: readonly Fault[] = [
  linkFault('kafka', 'Kafka'),
  linkFault('database', 'PostgreSQL'),
  linkFault('registry', 'the registry'),
  linkFault('smtp', 'the mail server'),
];
