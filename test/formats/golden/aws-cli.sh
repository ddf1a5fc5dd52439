#!/bin/sh
# Written by dynamox
set -eu
export AWS_PAGER=

aws dynamodb create-table \
  --table-name shop.Orders-dev_1 \
  --key-schema '[{"AttributeName":"customer#id","KeyType":"HASH"},{"AttributeName":"placed at","KeyType":"RANGE"}]' \
  --local-secondary-indexes '[{"IndexName":"by-total","KeySchema":[{"AttributeName":"customer#id","KeyType":"HASH"},{"AttributeName":"total","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]' \
  --global-secondary-indexes '[{"IndexName":"by-email","KeySchema":[{"AttributeName":"it'\''s","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a|b","`c`","\\n"]},"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}},{"IndexName":"by-several","KeySchema":[{"AttributeName":"tenant","KeyType":"HASH"},{"AttributeName":"state","KeyType":"HASH"},{"AttributeName":"customer#id","KeyType":"RANGE"},{"AttributeName":"y","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"},"ProvisionedThroughput":{"ReadCapacityUnits":6,"WriteCapacityUnits":7},"WarmThroughput":{"WriteUnitsPerSecond":8}}]' \
  --billing-mode PROVISIONED \
  --provisioned-throughput ReadCapacityUnits=3,WriteCapacityUnits=4 \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE \
  --table-class STANDARD_INFREQUENT_ACCESS \
  --tags '[{"Key":"team","Value":"on"},{"Key":"cost","Value":"0123"},{"Key":"a b","Value":""},{"Key":"when","Value":"2024-01-01"},{"Key":"zero","Value":"=0"}]' \
  --resource-policy '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a b":"it'\''s ${not} \"a\" %{template}"}}}]}' \
  --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=alias/shop \
  --warm-throughput ReadUnitsPerSecond=13000 \
  --deletion-protection-enabled \
  --attribute-definitions '[{"AttributeName":"customer#id","AttributeType":"S"},{"AttributeName":"placed at","AttributeType":"N"},{"AttributeName":"total","AttributeType":"N"},{"AttributeName":"it'\''s","AttributeType":"S"},{"AttributeName":"tenant","AttributeType":"S"},{"AttributeName":"state","AttributeType":"B"},{"AttributeName":"y","AttributeType":"N"}]'
aws dynamodb wait table-exists --table-name shop.Orders-dev_1
aws dynamodb update-time-to-live \
  --table-name shop.Orders-dev_1 \
  --time-to-live-specification '{"Enabled":true,"AttributeName":"expires\"at${now}"}'
aws dynamodb update-continuous-backups \
  --table-name shop.Orders-dev_1 \
  --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=7
aws dynamodb enable-kinesis-streaming-destination \
  --table-name shop.Orders-dev_1 \
  --stream-arn arn:aws:kinesis:eu-west-1:123456789012:stream/changes \
  --enable-kinesis-streaming-configuration ApproximateCreationDateTimePrecision=MICROSECOND
aws dynamodb update-contributor-insights \
  --table-name shop.Orders-dev_1 \
  --contributor-insights-action ENABLE \
  --contributor-insights-mode THROTTLED_KEYS
aws dynamodb update-contributor-insights \
  --table-name shop.Orders-dev_1 \
  --index-name by-email \
  --contributor-insights-action ENABLE

aws dynamodb create-table \
  --table-name off \
  --key-schema AttributeName=id,KeyType=HASH \
  --global-secondary-indexes '[{"IndexName":"by-x","KeySchema":[{"AttributeName":"x","KeyType":"HASH"},{"AttributeName":"id","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"},"OnDemandThroughput":{"MaxWriteRequestUnits":5},"WarmThroughput":{"ReadUnitsPerSecond":12000}}]' \
  --billing-mode PAY_PER_REQUEST \
  --on-demand-throughput MaxReadRequestUnits=10 \
  --attribute-definitions AttributeName=id,AttributeType=B AttributeName=x,AttributeType=S
aws dynamodb wait table-exists --table-name off

aws dynamodb create-table \
  --table-name 3d-files \
  --key-schema AttributeName=id,KeyType=HASH \
  --billing-mode PAY_PER_REQUEST \
  --tags Key=a,Value=b \
  --attribute-definitions AttributeName=id,AttributeType=S
aws dynamodb wait table-exists --table-name 3d-files
aws dynamodb update-continuous-backups \
  --table-name 3d-files \
  --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true

aws dynamodb create-table \
  --table-name Off \
  --key-schema AttributeName=id,KeyType=HASH \
  --billing-mode PAY_PER_REQUEST \
  --sse-specification Enabled=true,SSEType=KMS \
  --vector-things '[1]' \
  --attribute-definitions AttributeName=id,AttributeType=S
aws dynamodb wait table-exists --table-name Off

aws dynamodb create-table \
  --table-name documents \
  --key-schema AttributeName=id,KeyType=HASH \
  --billing-mode PAY_PER_REQUEST \
  --vector-indexes '[{"IndexName":"by-meaning","VectorAttribute":{"AttributeName":"vector"},"SearchSchema":[{"AttributeName":"tenant","SearchSchemaElementType":"HASH"},{"AttributeName":"year","SearchSchemaElementType":"INLINE_FILTER"}],"Projection":{"ProjectionType":"ALL"},"Dimensions":256,"DistanceFunction":"COSINE"},{"IndexName":"by-picture","VectorAttribute":{"AttributeName":"picture"},"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["title"]},"Dimensions":3,"DistanceFunction":"EUCLIDEAN"}]' \
  --attribute-definitions AttributeName=id,AttributeType=S AttributeName=tenant,AttributeType=S AttributeName=year,AttributeType=N
aws dynamodb wait table-exists --table-name documents

aws dynamodb create-table \
  --table-name everywhere \
  --key-schema AttributeName=id,KeyType=HASH AttributeName=at,KeyType=RANGE \
  --local-secondary-indexes '[{"IndexName":"by-y","KeySchema":[{"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"y","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]' \
  --global-secondary-indexes '[{"IndexName":"by-x","KeySchema":[{"AttributeName":"x","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},"OnDemandThroughput":{"MaxReadRequestUnits":5,"MaxWriteRequestUnits":6}}]' \
  --billing-mode PAY_PER_REQUEST \
  --on-demand-throughput MaxReadRequestUnits=7,MaxWriteRequestUnits=8 \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES \
  --tags Key=team,Value=shop \
  --sse-specification Enabled=true,SSEType=KMS \
  --attribute-definitions AttributeName=id,AttributeType=S AttributeName=at,AttributeType=N AttributeName=y,AttributeType=S AttributeName=x,AttributeType=S
aws dynamodb wait table-exists --table-name everywhere
aws dynamodb update-time-to-live \
  --table-name everywhere \
  --time-to-live-specification Enabled=true,AttributeName=until
aws dynamodb update-continuous-backups \
  --table-name everywhere \
  --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
aws dynamodb update-contributor-insights \
  --table-name everywhere \
  --index-name by-x \
  --contributor-insights-action ENABLE
aws dynamodb update-table \
  --table-name everywhere \
  --replica-updates '[{"Create":{"RegionName":"eu-central-1"}}]'
aws dynamodb wait table-exists --table-name everywhere
aws dynamodb update-table \
  --table-name everywhere \
  --replica-updates '[{"Create":{"RegionName":"us-east-1","TableClassOverride":"STANDARD_INFREQUENT_ACCESS","OnDemandThroughputOverride":{"MaxReadRequestUnits":3},"GlobalSecondaryIndexes":[{"IndexName":"by-x","OnDemandThroughputOverride":{"MaxReadRequestUnits":2}}]}}]'
aws dynamodb wait table-exists --table-name everywhere
aws dynamodb update-continuous-backups --region us-east-1 \
  --table-name everywhere \
  --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=5
aws dynamodb tag-resource --region us-east-1 \
  --resource-arn "$(aws dynamodb describe-table --table-name everywhere --region us-east-1 --query Table.TableArn --output text)" \
  --tags Key=team,Value=other
aws dynamodb update-contributor-insights --region us-east-1 \
  --table-name everywhere \
  --contributor-insights-action ENABLE \
  --contributor-insights-mode THROTTLED_KEYS
aws dynamodb update-table --region us-east-1 \
  --table-name everywhere \
  --deletion-protection-enabled
