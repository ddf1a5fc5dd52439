// A short command from start to exit.
import { dynamox, isThere, peer, quantile, ratios, rounds, run, spread, startEngine, withProfile } from '../measure.js'

const node = process.execPath

export async function measure({ rounds: count }) {
  const engine = await startEngine(0, 0)
  const { endpoint } = engine
  await run(dynamox('create', 'users', '--partition-key', 'pk', '--endpoint', endpoint))
  const peers = {
    'SDK script': [node, peer('sdk.mjs'), endpoint, 'describe', 'users'],
    'everything imported at the top': [node, peer('naive.mjs'), 'exists', 'users', '--endpoint', endpoint],
    ...(isThere('python3', '-c', 'import boto3')
      ? { boto3: ['python3', peer('boto.py'), endpoint, 'describe', 'users'] }
      : {}),
    ...(isThere('aws', '--version')
      ? { 'AWS CLI': ['aws', 'dynamodb', 'describe-table', '--table-name', 'users', '--endpoint-url', endpoint] }
      : {}),
  }
  // The keys come from a profile, as they mostly do on AWS.
  const exists = [...withProfile(), ...dynamox('exists', 'users', '--endpoint', endpoint)]
  const times = await rounds(count, {
    floor: [node, peer('bare.cjs'), endpoint, 'describe', 'users'],
    dynamox: exists,
    ...peers,
  })
  const used = []
  for (let i = 0; i < 5; i++) used.push(await run(exists, { usage: true }))
  const empty = await rounds(count, {
    floor: [node, '-e', '0'],
    version: dynamox('--version'),
    help: dynamox('--help'),
    naive: [node, peer('naive.mjs'), '--version'],
  })
  engine.stop()
  const toFloor = name => `${name} ${spread(ratios(times[name], times.floor), 'x')}`
  const missing = ['boto3', 'AWS CLI'].filter(name => !(name in peers)).map(name => `${name} not measured`)
  const toCli =
    'AWS CLI' in times ? spread(ratios(times.dynamox, times['AWS CLI']), 'x') : 'not measured: no AWS CLI here'
  const naive = `everything imported at the top ${spread(ratios(empty.naive, empty.floor), 'x')}`
  return [
    {
      what: `\`dynamox exists T\` against a hand-signed bare request (${quantile(times.floor, 0.5).toFixed(0)} ms)`,
      measured: spread(ratios(times.dynamox, times.floor), 'x'),
      target: `<= ${process.versions.node.startsWith('20.') ? '2.3' : '2.0'}x`,
      peers: [...Object.keys(peers).map(toFloor), ...missing],
    },
    { what: '`dynamox exists T` against the AWS CLI', measured: toCli, target: '<= 0.2x', peers: [] },
    {
      what: '`dynamox exists T`, peak memory',
      measured: `${quantile(
        used.map(({ peakMb }) => peakMb),
        0.5,
      ).toFixed(0)} MB`,
      target: '-',
      peers: [],
    },
    ...['version', 'help'].map(name => ({
      what: `\`dynamox --${name}\` against \`node -e 0\` (${quantile(empty.floor, 0.5).toFixed(0)} ms)`,
      measured: spread(ratios(empty[name], empty.floor), 'x'),
      target: name === 'version' ? '<= 1.6x' : '-',
      peers: [naive],
    })),
  ]
}
