// Imports point one way: main → http, cli → intake, delivery, relay, receipts
// → channels, rules, templates, contracts, store, bus → domain.
const foundations = ['channels', 'rules', 'templates', 'contracts', 'store', 'bus'];
const flows = ['intake', 'delivery', 'relay', 'receipts'];
const doors = ['http', 'cli'];
const lookedAt = ['config', 'observability'];

const inside = (folders) => `^src/(${folders.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'domain-imports-nothing-of-ours',
      severity: 'error',
      from: { path: inside(['domain']) },
      to: { path: '^(src|consumers|dev|test|bench)/', pathNot: inside(['domain']) },
    },
    {
      name: 'foundations-stand-beside-each-other',
      comment: 'What two of them need is domain; what joins two of them is a flow.',
      severity: 'error',
      from: { path: '^src/(channels|rules|templates|contracts|store|bus)/' },
      to: { path: inside(foundations), pathNot: '^src/$1/' },
    },
    {
      name: 'foundations-know-no-flow',
      severity: 'error',
      from: { path: inside(foundations) },
      to: { path: inside([...flows, ...doors]) },
    },
    {
      name: 'flows-stand-beside-each-other',
      comment: 'They meet in the database only.',
      severity: 'error',
      from: { path: '^src/(intake|delivery|relay|receipts)/' },
      to: { path: inside(flows), pathNot: '^src/$1/' },
    },
    {
      name: 'flows-know-no-door',
      severity: 'error',
      from: { path: inside(flows) },
      to: { path: inside(doors) },
    },
    {
      name: 'config-and-observability-are-parameters',
      comment:
        'Everybody but main and the doors is handed what they need; the shapes of log and metrics may be named.',
      severity: 'error',
      from: { path: inside(['domain', ...foundations, ...flows]) },
      to: { path: inside(lookedAt), pathNot: '^src/observability/(log|metrics)\\.ts$' },
    },
    {
      name: 'config-and-observability-know-only-domain',
      severity: 'error',
      from: { path: '^src/(config|observability)/' },
      to: { path: inside([...foundations, ...flows, ...doors, ...lookedAt]), pathNot: '^src/$1/' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^(src|consumers)/' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'consumers-know-only-the-words-of-rules',
      severity: 'error',
      from: { path: '^consumers/' },
      to: { path: '^src/', pathNot: '^src/(rules|generated)/' },
    },
    {
      name: 'product-knows-no-tools',
      severity: 'error',
      from: { path: '^(src|consumers)/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'no-orphans',
      comment: 'What browsers load stands alone.',
      severity: 'error',
      from: { orphan: true, path: '^(src|consumers|dev)/', pathNot: '\\.d\\.ts$|/assets/' },
      to: {},
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-missing-file',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no API for other tools.
    parser: 'swc',
    tsPreCompilationDeps: true,
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
