import type { Format } from './format.ts'

// A resource type of DynamoDB, or the head of a template.
const words =
  /AWSTemplateFormatVersion|AWS::(DynamoDB::\w|Serverless::(SimpleTable|Application)|Serverless-\d|CloudFormation::Stack)|Custom::AmplifyDynamoDBTable/

/** CloudFormation, SAM and synthesised CDK templates. */
export const cloudformation: Format = {
  name: 'cloudformation',
  title: 'CloudFormation template',
  async matches(file) {
    if (file.isFolder || !/\.(jsonc?|ya?ml|template)$/i.test(file.name) || !words.test(file.text())) return false
    const { resourcesOf } = await import('./cloudformation/read-stack.ts')
    return resourcesOf((await file.document()).data) !== undefined
  },
  read: async (file, context) => (await import('./cloudformation/read-stack.ts')).readTemplate(file, context),
}
