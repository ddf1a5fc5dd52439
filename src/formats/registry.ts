import { architect } from './architect.ts'
import { cdk } from './cdk.ts'
import { cloudformation } from './cloudformation.ts'
import type { Format, TemplateFile } from './format.ts'
import { jestConfig } from './jest-config.ts'
import { serverless, serverlessPart } from './serverless.ts'
import { sst } from './sst.ts'
import { terraform, terraformJson } from './terraform.ts'
import { workbench } from './workbench.ts'

/** Every format, in the order in which they are asked. */
export const formats: readonly Format[] = [
  cdk,
  terraform,
  terraformJson,
  serverless,
  serverlessPart,
  cloudformation,
  workbench,
  architect,
  sst,
  jestConfig,
]

/** The format of a file or folder, or `undefined` when it is not a template. */
export async function findFormat(file: TemplateFile): Promise<Format | undefined> {
  for (const format of formats) if ((await format.matches(file)) === true) return format
  return undefined
}
