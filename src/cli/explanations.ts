/** What a rule or warning means, and what to do about it. */
export interface Explanation {
  /** The rule, in one sentence. */
  readonly means: string
  readonly fix: string
}

/** Every id that a problem or a warning can carry; `W-...` are dynamox's own warnings, the others are rules of AWS. */
export const explanations: Readonly<Record<string, Explanation>> = {
  N1: { means: 'Every table needs a name.', fix: 'Set "table", or name the model in the config under "names".' },
  N2: {
    means: 'A table name has 3 to 255 characters.',
    fix: 'Shorten or lengthen the name, or its prefix and suffix.',
  },
  N3: {
    means: 'A table name holds only letters a to z, digits, "_", "." and "-".',
    fix: 'Replace the other characters; --slug does so for a suffix.',
  },
  N4: {
    means: 'An index name follows the rules of a table name: 3 to 255 of the same characters.',
    fix: 'Rename the index.',
  },
  K1: { means: 'A table and every index need a partition key.', fix: 'Set "partitionKey".' },
  K2: {
    means: 'The keys of tables and local indexes have at most one partition and one sort attribute.',
    fix: 'Use one attribute each; only global indexes take several.',
  },
  K3: { means: 'The first element of a KeySchema is the HASH key.', fix: 'Put the HASH element first.' },
  K4: { means: "The second element of a table's KeySchema is the RANGE key.", fix: 'Make the second element RANGE.' },
  K5: {
    means: 'The partition key and the sort key are different attributes.',
    fix: 'Name another attribute, or leave the sort key out.',
  },
  K6: {
    means: 'Every key attribute has a type in AttributeDefinitions.',
    fix: 'List every key attribute there, with its type.',
  },
  K7: {
    means: 'A key attribute that is not in AttributeDefinitions has no type.',
    fix: 'Add the attribute to AttributeDefinitions.',
  },
  K8: {
    means: 'AttributeDefinitions lists key attributes only; DynamoDB needs no other attributes declared.',
    fix: 'Remove the attribute that no key uses.',
  },
  K9: {
    means: 'AttributeDefinitions lists only attributes that a key of the table or of an index uses.',
    fix: 'Remove the attributes that no key uses.',
  },
  K10: {
    means: 'An attribute has one type, wherever it is a key.',
    fix: 'Give it the same type in the table and in all indexes.',
  },
  K11: {
    means: 'A key attribute is a string (S), a number (N) or binary (B).',
    fix: 'Write name:S, name:N or name:B.',
  },
  K12: { means: 'The name of a key attribute has 1 to 255 bytes.', fix: 'Shorten the name.' },
  G1: { means: 'A list of indexes must not be empty.', fix: 'Leave the list out when there are no indexes.' },
  G2: {
    means: 'A table has at most 20 global indexes, unless AWS raised the quota.',
    fix: 'Remove indexes, or ask AWS for a higher quota.',
  },
  G3: { means: 'The names of all indexes of a table differ.', fix: 'Rename one of them.' },
  G4: {
    means: 'The key of a global index has at most four partition and four sort attributes.',
    fix: 'Use fewer attributes.',
  },
  G5: { means: 'In a KeySchema, all HASH elements come before the RANGE elements.', fix: 'Reorder the elements.' },
  G6: { means: 'An attribute occurs once in the key of an index.', fix: 'Remove the repeated attribute.' },
  L1: {
    means: 'Local indexes need a table with a sort key.',
    fix: 'Add a sort key to the table, or make the index a global one.',
  },
  L2: {
    means: "A local index has the table's partition key.",
    fix: 'Use that partition key, or make the index a global one.',
  },
  L3: { means: 'A local index has a sort key.', fix: 'Set its "sortKey".' },
  L4: { means: 'A table has at most five local indexes.', fix: 'Use global indexes instead.' },
  P1: { means: 'A projection is ALL, KEYS_ONLY or INCLUDE.', fix: 'Write one of them.' },
  P2: { means: 'Only the projection INCLUDE takes attributes.', fix: 'Remove the attributes, or use INCLUDE.' },
  P3: { means: 'The projection INCLUDE needs at least one attribute.', fix: 'List the attributes, or use KEYS_ONLY.' },
  P4: { means: 'An index projects at most 20 attributes by name.', fix: 'Project fewer attributes, or ALL.' },
  P5: { means: 'A projection names each attribute once.', fix: 'Remove the repeated attribute.' },
  P6: {
    means: 'The indexes of a table project at most 100 attributes by name, together.',
    fix: 'Project fewer attributes, or ALL.',
  },
  'P-name': { means: 'The name of a projected attribute has 1 to 255 characters.', fix: 'Correct the name.' },
  T1: { means: 'A provisioned table needs both capacities.', fix: 'Set readCapacity and writeCapacity.' },
  T2: { means: 'An on-demand table has no capacities.', fix: 'Remove them, or use billingMode: PROVISIONED.' },
  T3: { means: 'A capacity is at least 1.', fix: 'Raise it; on-demand billing costs nothing while unused.' },
  T4: {
    means: 'In a CreateTable input, every global index of a provisioned table has capacities.',
    fix: 'Add ProvisionedThroughput to the index.',
  },
  T5: { means: 'The global indexes of an on-demand table have no capacities.', fix: 'Remove them from the index.' },
  T10: {
    means: 'A capacity is at most 40,000 per table, unless AWS raised the quota.',
    fix: 'Lower it, or ask AWS for a higher quota.',
  },
  O1: {
    means: 'On-demand caps (maxReadUnits, maxWriteUnits) need on-demand billing.',
    fix: 'Remove them, or use billingMode: PAY_PER_REQUEST.',
  },
  O2: { means: 'An on-demand cap is at least 1.', fix: 'Raise it; false removes the cap.' },
  W1: {
    means: 'The warm throughput of an on-demand table is at least 12,000 reads and 4,000 writes a second.',
    fix: 'Raise it to that, or leave it out.',
  },
  W2: {
    means: 'The warm throughput of a provisioned table is at least its capacity.',
    fix: 'Raise it, or leave it out.',
  },
  W4: { means: 'Warm throughput has at least one of its two members.', fix: 'Set one, or leave warm throughput out.' },
  S1: { means: 'A stream needs a view type.', fix: 'Choose KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES.' },
  S2: { means: 'A stream that is off has no view type.', fix: 'Remove StreamViewType, or enable the stream.' },
  E1: { means: 'A KMS key needs encryption with KMS.', fix: 'Use encryption: CUSTOMER_MANAGED, or remove kmsKeyId.' },
  C1: { means: 'A table class is STANDARD or STANDARD_INFREQUENT_ACCESS.', fix: 'Write one of them.' },
  A1: { means: 'A table has at most 50 tags.', fix: 'Remove tags.' },
  A2: {
    means:
      'A tag has a key of 1 to 128 and a value of up to 256 characters: letters, digits, spaces and + - = . _ : / @.',
    fix: 'Correct the key or the value.',
  },
  A3: { means: 'Tag keys are unique, and those that start with "aws:" belong to AWS.', fix: 'Rename the tag.' },
  R1: { means: 'Point-in-time recovery keeps 1 to 35 days.', fix: 'Write true for 35 days, or a number of days.' },
  R2: { means: 'A resource policy is JSON of at most 20,480 bytes.', fix: 'Correct or shorten the policy.' },
  Z1: {
    means: 'A Kinesis stream is named by its ARN.',
    fix: 'Write arn:aws:kinesis:<region>:<account>:stream/<name>.',
  },
  'X-name': { means: 'The name of the time-to-live attribute has 1 to 255 characters.', fix: 'Correct the name.' },
  V0: { means: 'A vector index has the fields that AWS asks for.', fix: 'Correct the field that the message names.' },
  V1: { means: 'Vector indexes need on-demand billing.', fix: 'Use billingMode: PAY_PER_REQUEST.' },
  V2: { means: 'A table has at most five vector indexes.', fix: 'Remove vector indexes.' },
  V3: {
    means: 'Attributes that a vector index searches by have a type.',
    fix: 'Add the attribute to AttributeDefinitions.',
  },
  V4: { means: 'The attribute that holds a vector is not a key.', fix: 'Use another attribute for the vector.' },
  V5: {
    means: 'A vector has 1 to 4,096 dimensions, the same in every index on its attribute.',
    fix: 'Correct the dimensions.',
  },
  M1: {
    means: 'Replicas need on-demand or auto-scaled writes.',
    fix: 'Use billingMode: PAY_PER_REQUEST, or leave writeCapacity to auto scaling.',
  },
  M2: {
    means: 'Strong consistency needs three regions, and a witness needs strong consistency.',
    fix: 'Name two replicas, or one replica and a witness, with consistency: STRONG.',
  },
  M3: {
    means: 'Replicas need a stream with new and old images.',
    fix: 'Leave stream out, and the plan turns it on, or write NEW_AND_OLD_IMAGES.',
  },
  M4: {
    means: 'A replica or witness stands in a valid region of its own.',
    fix: "Correct the region, or remove the one that is listed twice or is the table's own.",
  },
  M5: {
    means: 'A customer-managed key belongs to one region, so each replica names its own.',
    fix: 'Set kmsKeyId of each replica, or use another encryption.',
  },
  M6: {
    means: "A replica's settings fit the table: capacities of its billing mode, and indexes that it has.",
    fix: 'Correct the setting that the message names.',
  },
  D1: {
    means: 'A table with deletion protection is not deleted.',
    fix: 'dynamox delete --disable-protection turns it off first.',
  },
  'W-undefined-name': {
    means: 'The name looks as if a variable was not set when it was built, such as "undefined-users".',
    fix: 'Set the variable, or require the file that sets it (--require dotenv/config).',
  },
  'W-same-index': {
    means: "The index repeats the table's key or another index, and every write is charged twice.",
    fix: 'Remove the index and query the other one.',
  },
  'W-local-index': {
    means:
      'Local indexes limit the items of one partition key value to 10 GB, and cannot be added, changed or removed later.',
    fix: 'Use a global index, or silence the warning if the limits are fine.',
  },
  'W-default-capacity': {
    means: 'A provisioned table without capacities is created with 5 reads and 5 writes a second.',
    fix: 'Set readCapacity and writeCapacity.',
  },
  'W-ttl-type': {
    means: 'Items expire only when the time-to-live attribute is a number (seconds since 1970).',
    fix: 'Declare the attribute as number(), and store seconds, not milliseconds.',
  },
  'W-ignored-capacity': {
    means: 'A layer sets capacities on a table that another layer made on-demand; they have no effect.',
    fix: 'Remove the capacities, or set billingMode: PROVISIONED in the same layer.',
  },
  'W-name-twice': {
    means: "The prefix or suffix repeats the environment's name that is already in the table's name.",
    fix: 'Remove it from one of the two.',
  },
  'W-unknown-index-attribute': {
    means: 'An index projects an attribute that the model does not declare; perhaps it is misspelt.',
    fix: 'Correct the name, or declare the attribute.',
  },
  'W-assumed-billing': {
    means:
      'The library does not say how the table is billed, so dynamox creates it as the library would, else on demand, and never compares it.',
    fix: 'Set billingMode in "defaults" or "overrides" of the config.',
  },
  'W-assumed-key-type': {
    means: 'The library does not say the type of a key attribute, so dynamox assumes a string.',
    fix: 'Set the key with its type where the warning says, such as overrides: { orders: { globalIndexes: { by-date: { sortKey: "date:N" } } } }.',
  },
  'W-assumed-projection': {
    means: 'The library does not say what an index projects, so dynamox creates it with ALL and never compares it.',
    fix: 'Set it in the config: overrides: { orders: { globalIndexes: { by-date: { projection: ALL } } } }.',
  },
  'W-assumed-setting': {
    means:
      'The library does not say a setting, so dynamox assumes one when the table is created and never compares it.',
    fix: 'Set it in "defaults" or "overrides" of the config.',
  },
}
