import { cloudformation } from './cloudformation.ts'
import type { Writer } from './format.ts'
import { serverless } from './serverless.ts'
import { terraform } from './terraform.ts'

/** Every format that `export` and `pull` write, in the order of the help. A writer is loaded when it is used. */
export const writers: readonly Writer[] = [
  cloudformation,
  {
    name: 'sam',
    title: 'SAM template',
    write: async (...given) => (await import('./write/cloudformation.ts')).writeSam(...given),
  },
  {
    name: 'cdk',
    title: 'CDK stack',
    write: async (...given) => (await import('./write/cdk.ts')).writeCdk(...given),
  },
  terraform,
  serverless,
  {
    name: 'aws-cli',
    title: 'shell script of AWS CLI commands',
    write: async tables => (await import('./write/aws-cli.ts')).writeAwsCli(tables),
  },
  {
    name: 'create-table',
    title: 'CreateTable input',
    write: async (...given) => (await import('./write/create-table.ts')).writeCreateTable(...given),
  },
  {
    name: 'dynamox',
    title: 'definition of dynamox',
    write: async (...given) => (await import('./write/dynamox.ts')).writeDynamox(...given),
  },
  {
    name: 'mermaid',
    title: 'Mermaid diagram',
    write: async tables => (await import('./write/mermaid.ts')).writeMermaid(tables),
  },
  {
    name: 'markdown',
    title: 'Markdown document',
    write: async tables => (await import('./write/markdown.ts')).writeMarkdown(tables),
  },
]
