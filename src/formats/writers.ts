import type { Writer } from './write/written.ts'

/** Every format that `export` and `pull` write, in the order of the help. A writer is loaded when it is used. */
export const writers = [
  {
    name: 'cloudformation',
    adopts: true,
    write: async (...given) => (await import('./write/cloudformation.ts')).writeCloudformation(...given),
  },
  {
    name: 'sam',
    adopts: true,
    write: async (...given) => (await import('./write/cloudformation.ts')).writeSam(...given),
  },
  {
    name: 'cdk',
    write: async (...given) => (await import('./write/cdk.ts')).writeCdk(...given),
  },
  {
    name: 'terraform',
    adopts: true,
    write: async (...given) => (await import('./write/terraform.ts')).writeTerraform(...given),
  },
  {
    name: 'serverless',
    adopts: true,
    write: async (...given) => (await import('./write/cloudformation.ts')).writeServerless(...given),
  },
  {
    name: 'aws-cli',
    write: async tables => (await import('./write/aws-cli.ts')).writeAwsCli(tables),
  },
  {
    name: 'create-table',
    write: async (...given) => (await import('./write/create-table.ts')).writeCreateTable(...given),
  },
  {
    name: 'dynamox',
    write: async (...given) => (await import('./write/dynamox.ts')).writeDynamox(...given),
  },
  {
    name: 'mermaid',
    write: async tables => (await import('./write/mermaid.ts')).writeMermaid(tables),
  },
  {
    name: 'markdown',
    write: async tables => (await import('./write/markdown.ts')).writeMarkdown(tables),
  },
] as const satisfies readonly Writer[]

export const writerNames = writers.map(({ name }) => name)
