/**
 * What signs requests to a local endpoint when nobody set credentials: the key pair that AWS's documentation uses as
 * its example. It opens nothing at AWS, DynamoDB Local takes any pair, and ExtendDB takes only this one.
 */
export const exampleCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const

/** The region for a local endpoint when nobody set one. */
export const localRegion = 'us-east-1'
