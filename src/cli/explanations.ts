/**
 * Every id that a problem or a warning can carry, with its rule in one sentence and what to do about it. `W-...` are
 * dynamox's own warnings, the others are rules of AWS.
 */
export const explanations: Readonly<Record<string, readonly [means: string, fix: string]>> = {
  N1: ['Every table needs a name.', 'Set "table", or name the model in the config under "names".'],
  N2: ['A table name has 3 to 255 characters.', 'Shorten or lengthen the name, or its prefix and suffix.'],
  N3: [
    'A table name holds only letters a to z, digits, "_", "." and "-".',
    'Replace the other characters; --slug does so for a suffix.',
  ],
  N4: ['An index name follows the rules of a table name: 3 to 255 of the same characters.', 'Rename the index.'],
  K1: ['A table and every index need a partition key.', 'Set "partitionKey".'],
  K2: [
    'The keys of tables and local indexes have at most one partition and one sort attribute.',
    'Use one attribute each; only global indexes take several.',
  ],
  K3: ['The first element of a KeySchema is the HASH key.', 'Put the HASH element first.'],
  K4: ["The second element of a table's KeySchema is the RANGE key.", 'Make the second element RANGE.'],
  K5: [
    'The partition key and the sort key are different attributes.',
    'Name another attribute, or leave the sort key out.',
  ],
  K6: ['Every key attribute has a type in AttributeDefinitions.', 'List every key attribute there, with its type.'],
  K7: [
    'A key attribute that is not in AttributeDefinitions has no type.',
    'Add the attribute to AttributeDefinitions.',
  ],
  K8: [
    'AttributeDefinitions lists key attributes only; DynamoDB needs no other attributes declared.',
    'Remove the attribute that no key uses.',
  ],
  K9: [
    'AttributeDefinitions lists only attributes that a key of the table or of an index uses.',
    'Remove the attributes that no key uses.',
  ],
  K10: ['An attribute has one type, wherever it is a key.', 'Give it the same type in the table and in all indexes.'],
  K11: ['A key attribute is a string (S), a number (N) or binary (B).', 'Write name:S, name:N or name:B.'],
  K12: ['The name of a key attribute has 1 to 255 bytes.', 'Shorten the name.'],
  G1: ['A list of indexes must not be empty.', 'Leave the list out when there are no indexes.'],
  G2: [
    'A table has at most 20 global indexes, unless AWS raised the quota.',
    'Remove indexes, or ask AWS for a higher quota.',
  ],
  G3: ['The names of all indexes of a table differ.', 'Rename one of them.'],
  G4: ['The key of a global index has at most four partition and four sort attributes.', 'Use fewer attributes.'],
  G5: ['In a KeySchema, all HASH elements come before the RANGE elements.', 'Reorder the elements.'],
  G6: ['An attribute occurs once in the key of an index.', 'Remove the repeated attribute.'],
  L1: ['Local indexes need a table with a sort key.', 'Add a sort key to the table, or make the index a global one.'],
  L2: ["A local index has the table's partition key.", 'Use that partition key, or make the index a global one.'],
  L3: ['A local index has a sort key.', 'Set its "sortKey".'],
  L4: ['A table has at most five local indexes.', 'Use global indexes instead.'],
  P1: ['A projection is ALL, KEYS_ONLY or INCLUDE.', 'Write one of them.'],
  P2: ['Only the projection INCLUDE takes attributes.', 'Remove the attributes, or use INCLUDE.'],
  P3: ['The projection INCLUDE needs at least one attribute.', 'List the attributes, or use KEYS_ONLY.'],
  P4: ['An index projects at most 20 attributes by name.', 'Project fewer attributes, or ALL.'],
  P5: ['A projection names each attribute once.', 'Remove the repeated attribute.'],
  P6: ['The indexes of a table project at most 100 attributes by name, together.', 'Project fewer attributes, or ALL.'],
  'P-name': ['The name of a projected attribute has 1 to 255 characters.', 'Correct the name.'],
  T1: ['A provisioned table needs both capacities.', 'Set readCapacity and writeCapacity.'],
  T2: ['An on-demand table has no capacities.', 'Remove them, or use billingMode: PROVISIONED.'],
  T3: ['A capacity is at least 1.', 'Raise it; on-demand billing costs nothing while unused.'],
  T4: [
    'In a CreateTable input, every global index of a provisioned table has capacities.',
    'Add ProvisionedThroughput to the index.',
  ],
  T5: ['The global indexes of an on-demand table have no capacities.', 'Remove them from the index.'],
  T10: [
    'A capacity is at most 40,000 per table, unless AWS raised the quota.',
    'Lower it, or ask AWS for a higher quota.',
  ],
  O1: [
    'On-demand caps (maxReadUnits, maxWriteUnits) need on-demand billing.',
    'Remove them, or use billingMode: PAY_PER_REQUEST.',
  ],
  O2: ['An on-demand cap is at least 1.', 'Raise it; false removes the cap.'],
  W1: [
    'The warm throughput of an on-demand table is at least 12,000 reads and 4,000 writes a second.',
    'Raise it to that, or leave it out.',
  ],
  W2: ['The warm throughput of a provisioned table is at least its capacity.', 'Raise it, or leave it out.'],
  W4: ['Warm throughput has at least one of its two members.', 'Set one, or leave warm throughput out.'],
  S1: ['A stream needs a view type.', 'Choose KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES.'],
  S2: ['A stream that is off has no view type.', 'Remove StreamViewType, or enable the stream.'],
  E1: ['A KMS key needs encryption with KMS.', 'Use encryption: CUSTOMER_MANAGED, or remove kmsKeyId.'],
  C1: ['A table class is STANDARD or STANDARD_INFREQUENT_ACCESS.', 'Write one of them.'],
  A1: ['A table has at most 50 tags.', 'Remove tags.'],
  A2: [
    'A tag has a key of 1 to 128 and a value of up to 256 characters: letters, digits, spaces and + - = . _ : / @.',
    'Correct the key or the value.',
  ],
  A3: ['Tag keys are unique, and those that start with "aws:" belong to AWS.', 'Rename the tag.'],
  R1: ['Point-in-time recovery keeps 1 to 35 days.', 'Write true for 35 days, or a number of days.'],
  R2: ['A resource policy is JSON of at most 20,480 bytes.', 'Correct or shorten the policy.'],
  Z1: ['A Kinesis stream is named by its ARN.', 'Write arn:aws:kinesis:<region>:<account>:stream/<name>.'],
  'X-name': ['The name of the time-to-live attribute has 1 to 255 characters.', 'Correct the name.'],
  V0: ['A vector index has the fields that AWS asks for.', 'Correct the field that the message names.'],
  V1: ['Vector indexes need on-demand billing.', 'Use billingMode: PAY_PER_REQUEST.'],
  V2: ['A table has at most five vector indexes.', 'Remove vector indexes.'],
  V3: ['Attributes that a vector index searches by have a type.', 'Add the attribute to AttributeDefinitions.'],
  V4: ['The attribute that holds a vector is not a key.', 'Use another attribute for the vector.'],
  V5: ['A vector has 1 to 4,096 dimensions, the same in every index on its attribute.', 'Correct the dimensions.'],
  M1: [
    'Replicas need on-demand or auto-scaled writes.',
    'Use billingMode: PAY_PER_REQUEST, or leave writeCapacity to auto scaling.',
  ],
  M2: [
    'Strong consistency needs three regions, and a witness needs strong consistency.',
    'Name two replicas, or one replica and a witness, with consistency: STRONG.',
  ],
  M3: [
    'Replicas need a stream with new and old images.',
    'Leave stream out, and the plan turns it on, or write NEW_AND_OLD_IMAGES.',
  ],
  M4: [
    'A replica or witness stands in a valid region of its own.',
    "Correct the region, or remove the one that is listed twice or is the table's own.",
  ],
  M5: [
    'A customer-managed key belongs to one region, so each replica names its own.',
    'Set kmsKeyId of each replica, or use another encryption.',
  ],
  M6: [
    "A replica's settings fit the table: capacities of its billing mode, and indexes that it has.",
    'Correct the setting that the message names.',
  ],
  D1: ['A table with deletion protection is not deleted.', 'dynamox delete --disable-protection turns it off first.'],
  'W-undefined-name': [
    'The name looks as if a variable was not set when it was built, such as "undefined-users".',
    'Set the variable, or require the file that sets it (--require dotenv/config).',
  ],
  'W-same-index': [
    "The index repeats the table's key or another index, and every write is charged twice.",
    'Remove the index and query the other one.',
  ],
  'W-local-index': [
    'Local indexes limit the items of one partition key value to 10 GB, and cannot be added, changed or removed later.',
    'Use a global index, or silence the warning if the limits are fine.',
  ],
  'W-default-capacity': [
    'A provisioned table without capacities is created with 5 reads and 5 writes a second.',
    'Set readCapacity and writeCapacity.',
  ],
  'W-ttl-type': [
    'Items expire only when the time-to-live attribute is a number (seconds since 1970).',
    'Declare the attribute as number(), and store seconds, not milliseconds.',
  ],
  'W-ignored-capacity': [
    'A layer sets capacities on a table that another layer made on-demand; they have no effect.',
    'Remove the capacities, or set billingMode: PROVISIONED in the same layer.',
  ],
  'W-name-twice': [
    "The prefix or suffix repeats the environment's name that is already in the table's name.",
    'Remove it from one of the two.',
  ],
  'W-unknown-index-attribute': [
    'An index projects an attribute that the model does not declare; perhaps it is misspelt.',
    'Correct the name, or declare the attribute.',
  ],
  'W-assumed-billing': [
    'The library does not say how the table is billed, so dynamox creates it as the library would, else on demand, and never compares it.',
    'Set billingMode in "defaults" or "overrides" of the config.',
  ],
  'W-assumed-key-type': [
    'The library does not say the type of a key attribute, so dynamox assumes a string.',
    'Set the key with its type where the warning says, such as overrides: { orders: { globalIndexes: { by-date: { sortKey: "date:N" } } } }.',
  ],
  'W-assumed-projection': [
    'The library does not say what an index projects, so dynamox creates it with ALL and never compares it.',
    'Set it in the config: overrides: { orders: { globalIndexes: { by-date: { projection: ALL } } } }.',
  ],
  'W-assumed-setting': [
    'The library does not say a setting, so dynamox assumes one when the table is created and never compares it.',
    'Set it in "defaults" or "overrides" of the config.',
  ],
}
