/**
 * The key pair that AWS's documentation uses as its example: it gives access to nothing, has the shape that
 * DynamoDB Local asks for, and is the only pair whose signatures ExtendDB accepts.
 */
export const exampleCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const

/** The region that stands in the requests to a local endpoint when none is configured. */
export const localRegion = 'us-east-1'

/** By this variable `dynamox local` tells a dynamox in the command that it runs what `local` means there. */
export const servedEndpoint = 'DYNAMOX_LOCAL_ENDPOINT'
