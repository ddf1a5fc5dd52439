/**
 * The example key pair of AWS's documentation. It gives access to nothing, has the format that DynamoDB Local requires,
 * and is the only pair that ExtendDB accepts.
 */
export const exampleCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const

/** The region in requests to a local endpoint when none is configured. */
export const localRegion = 'us-east-1'

/** With this variable `dynamox local -- command` tells any dynamox in the command which engine `local` means. */
export const servedEndpoint = 'DYNAMOX_LOCAL_ENDPOINT'

/** The account in the ARNs of the embedded engine. */
export const localAccount = '000000000000'
